// A grammar of what healthy programs write, with words of the patterns where they mean nothing.

/** Every `turn` is a line of its own; the same turn is the same line. */
export function ordinaryLine(turn: number): string {
  const form = forms[turn % forms.length] ?? slog;
  return form(Math.floor(turn / forms.length) * 7 + turn, new Date(1_795_300_000_000 + turn * 137));
}

type Form = (turn: number, at: Date) => string;

const slog: Form = (turn, at) => {
  const [level, message] = choice(said, turn);
  return `time=${nanoseconds(at, turn)} level=${level} msg="${fill(message, turn)}" module=${choice(modules, turn)}${fields(turn)}`;
};

const logrus: Form = (turn, at) => {
  const [level, message] = choice(said, turn);
  const shown = level === 'warn' ? 'warning' : level;
  return `time="${nanoseconds(at, turn)}" level=${shown} msg="${fill(message, turn)}"${fields(turn)} subsys=${choice(modules, turn).split('.').at(-1)}`;
};

const klog: Form = (turn, at) =>
  `${choice(['I', 'I', 'I', 'W', 'E'], turn)}${at.toISOString().slice(5, 7)}${at.toISOString().slice(8, 10)} ${at.toISOString().slice(11, 23)}000       1 ${choice(['reflector.go:436', 'trace.go:236', 'leaderelection.go:268'], turn)}] ${fill(choice(klogSaid, turn), turn)}`;

const zap: Form = (turn, at) =>
  JSON.stringify({
    level: choice(['debug', 'info', 'info', 'warn', 'error'], turn),
    ts: at.toISOString(),
    caller: choice(['restserver/ipam.go:187', 'ipampool/monitor.go:231', 'azure-ipam/ipam.go:70'], turn),
    msg: fill(choice(zapSaid, turn), turn),
    assigned: turn % 250,
    status: choice(['Updated', 'NCUpdateSuccess', ''], turn),
  });

const envoy: Form = (turn, at) =>
  `[${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 23)}][${turn % 30}][${choice(['info', 'warning', 'debug'], turn)}][${choice(['config', 'upstream', 'main'], turn)}] ${fill(choice(envoySaid, turn), turn)}`;

const plain: Form = (turn) => fill(choice(plainSaid, turn), turn);

const event: Form = (turn) => fill(choice(eventSaid, turn), turn);

/** As Cilium writes where its log format is JSON: slog, and logrus before it with its keys in order of the alphabet. */
const json: Form = (turn, at) => {
  const [level, message] = choice(said, turn);
  const more = { ciliumEndpointName: `shop/crash-loop-error-${turn % 90}`, errors: 0, failed: turn % 3 };
  const told = { level: level.toUpperCase(), msg: fill(message, turn) };
  return JSON.stringify(
    turn % 2 === 0
      ? { time: nanoseconds(at, turn), source: { file: 'daemon/main.go', line: turn % 999 }, ...told, ...more }
      : { ...more, ...told, subsys: 'daemon' },
  );
};

/** Go's own logger: the agent's and the operator's first lines, and CNS. */
const golang: Form = (turn, at) => {
  const day = at.toISOString().slice(0, 10).replaceAll('-', '/');
  const [level, message] = choice(said, turn);
  return turn % 2 === 0
    ? `${day} ${at.toISOString().slice(11, 19)} ${level.toUpperCase()} ${fill(message, turn)}${fields(turn)}`
    : `${day} ${at.toISOString().slice(11, 19)} [1] ${fill(choice(zapSaid, turn), turn)}`;
};

const access: Form = (turn, at) =>
  `[${at.toISOString()}] "GET ${choice(paths, turn)} HTTP/1.1" ${choice([200, 204, 304, 404, 503], turn)} - 0 ${turn % 4000} ${turn % 90} - "-" "curl/8.5.0" "10.244.${turn % 250}.7:8080"`;

const uncollected: readonly Form[] = [slog, logrus, klog, zap, envoy, plain, event, json, golang, access];

/** The same with what the container runtime puts before it. */
const collected: Form = (turn, at) =>
  `${nanoseconds(at, turn)} ${choice(['stdout', 'stderr'], turn)} ${choice(['F', 'F', 'P'], turn)} ${choice(uncollected, turn)(turn, at)}`;

const forms: readonly Form[] = [...uncollected, collected];

const paths: readonly string[] = [
  '/',
  '/errors?level=[error]',
  '/panic:',
  '/api/[critical]/NUM',
  '/healthz?failed=(add)',
];

const said: readonly (readonly [level: string, message: string])[] = [
  ['info', 'Regenerating all endpoints'],
  ['info', 'Rewrote endpoint BPF program'],
  ['info', 'Successful endpoint creation'],
  ['info', 'Identity of endpoint changed'],
  ['info', 'Policy imported via API, recalculating...'],
  ['info', 'Conntrack garbage collector interval recalculated'],
  ['info', 'Restored NUM endpoints'],
  ['info', 'Waiting for Cilium Operator to become leader'],
  ['info', 'Adding local node to cluster'],
  ['info', 'Updated link of NODE for NUM addresses'],
  ['info', 'Delete endpoint by containerID request'],
  ['info', 'Processing API request with rate limiter'],
  ['info', 'API call has been processed'],
  ['info', 'Received notification of node NODE, sent notification to NUM subscribers'],
  ['info', 'Peer 10.20.0.1 received notification'],
  ['info', 'CiliumEndpointSlice created: ces-NUMb-xyz'],
  ['info', 'successfully acquired lease kube-system/cilium-operator-resource-lock'],
  ['info', 'Cilium API client ready'],
  ['info', 'Router IP 10.224.0.NUM restored from filesystem'],
  ['info', 'Removing stale map cilium_policy_v2_0NUM'],
  ['info', 'Compiled new BPF template'],
  ['info', 'Deadlock detection is off'],
  ['info', 'Endpoint panic-button-NUM added'],
  ['debug', 'Found key in local cache'],
  ['debug', 'Updating policy map of endpoint NUM'],
  ['warn', 'Unable to get node resource'],
  ['warn', 'service not found'],
  ['warn', 'retrieved nil details for Service shop/cart'],
  ['warn', 'Unable to fetch kernel config: /proc/config.gz: no such file or directory'],
  ['warn', 'Feature NUM of policy is not supported yet on this kernel'],
  ['warn', 'cannot find server location info'],
  ['error', 'Failed to read neighbour NUM: device or resource busy'],
  ['info', 'Memory available for map entries (0.003% of NUM000000B): NUM0000B'],
  ['info', 'option bpf-policy-map-max set by dynamic sizing to 16384'],
  ['info', "  --tofqdns-endpoint-max-ip-per-hostname='1000'"],
  ['info', "  --enable-node-selector-labels='false'"],
  ['info', '  --ces-rate-limits=[{nodes:0,limit:10,burst:20}]'],
  ['info', 'Cilium 1.17.NUM 9e1b4f2 go version go1.23.6 linux/amd64'],
  ['info', 'Establishing connection to apiserver'],
  ['info', 'Connected to apiserver'],
  ['info', 'Restarting client connections after rotation of the token: no error'],
  ['info', 'Waiting until all Cilium CRDs are available'],
  ['info', 'All Cilium CRDs have been found and are available'],
  ['info', 'Retrieved node information from cilium node'],
  ['info', 'Auto-disabling enable-bpf-clock-probe feature since KERNEL_HZ cannot be determined'],
  ['info', 'Old endpoints found, restoring...'],
  ['info', 'Restored endpoint'],
  ['info', 'Finished regenerating restored endpoints: regenerated NUM, failed 0'],
  ['info', 'Endpoints restored: NUM, ignored: 0, no state missing'],
  ['info', 'Restored router IPs from node information'],
  ['info', 'Router IP allocated: 10.244.NUM.1'],
  ['info', 'Serving cilium node monitor v1.2 API at unix:///var/run/cilium/monitor1_2.sock'],
  ['info', 'Starting DNS proxy on port NUM'],
  ['info', 'DNS Proxy bound to addresses 127.0.0.1:NUM, [::1]:NUM'],
  ['info', 'Existing CNI configuration file /host/etc/cni/net.d/05-cilium.conflist unchanged'],
  ['info', 'Imported CiliumNetworkPolicy'],
  ['info', 'NetworkPolicy successfully added'],
  ['info', 'Policy repository updates complete, triggering endpoint updates'],
  ['info', 'Added policy deny-errors with L7 rules'],
  ['info', 'New endpoint'],
  ['info', 'Removed endpoint'],
  ['info', 'Resolving identity labels (blocking)'],
  ['info', 'Reusing existing global key k8s:app=failed-jobs'],
  ['info', 'Allocated new global key: NUM more available IDs'],
  ['info', 'Re-created missing master key'],
  ['info', 'Removed identity from local cache'],
  ['info', 'Node updated'],
  ['info', 'Allocated node ID NUM for node IP address 10.224.0.NUM'],
  ['info', 'Initializing identity allocator'],
  ['info', 'CIDR identities restored: NUM of NUM'],
  ['info', 'hubble events queue is processing messages again: NUM messages were lost'],
  ['info', 'Configured Hubble with maximum number of events'],
  ['info', 'Starting local Hubble server'],
  ['info', 'Peer Up'],
  ['info', 'Add a peer configuration'],
  ['info', 'attempting to acquire leader lease: no previous leader election'],
  ['info', 'Starting CES controller reconciler.'],
  ['info', 'Starting to synchronize CiliumEndpointSlice custom resources'],
  ['info', 'Garbage collected NUM identities, errors: 0'],
  ['info', 'Setting rate limits of slices: limit NUM, burst NUM'],
  ['info', 'Operator with ID NODE-abc elected as new leader'],
  ['info', 'Retry of request succeeded after NUM attempts, no error'],
  ['info', 'Start hook executed'],
  ['info', 'Cluster mesh is not configured, no etcd connection needed'],
  ['info', 'Wrote node configuration to /var/run/cilium/state/globals/node_config.h'],
  ['info', 'Created map cilium_policy_v2_0NUM, 0 entries failed'],
  ['info', 'Regeneration of endpoint completed, failed: 0'],
  ['debug', 'Completed endpoint regeneration'],
  ['debug', 'Controller run succeeded; waiting for next controller update or stop'],
  ['debug', 'Controller func execution time: NUMms'],
  ['debug', 'Reconciling CES Update'],
  ['debug', 'Processed NUM CES, 0 errors'],
  ['debug', 'addPolicyKey'],
  ['debug', 'Upserted DNS names of cart.shop.svc.cluster.local: no timeout'],
  ['debug', 'Received DNS response to proxied lookup'],
  ['debug', 'Forwarding proxied DNS lookup'],
  ['debug', 'Greeting successful'],
  ['debug', 'JoinEP done for lxcNUM'],
  ['debug', 'Updating direct route'],
  ['debug', 'Deleted direct node route'],
  ['warn', 'Timeout waiting for response to forwarded proxied DNS lookup'],
  ['warn', 'Unable to ensure that xt_socket kernel module is loaded'],
  ['warn', 'IPCache entry for NODE has an unexpected owner, retrying'],
  ['warn', 'UpdateIdentities: Skipping Delete of a non-existing identity'],
  ['warn', 'CONFIG_CGROUP_BPF optional kernel parameter is not in kernel'],
  ['error', 'Ignoring error while deleting endpoint'],
];

const klogSaid: readonly string[] = [
  '"Caches populated" type="*v1.Node" reflector="k8s.io/client-go/informers/factory.go:160"',
  '"Watch close" reflector="k8s.io/client-go" type="*v2.CiliumNode" totalItems=NUM',
  'attempting to acquire leader lease kube-system/cilium-operator-resource-lock...',
  'successfully renewed lease kube-system/cilium-operator-resource-lock',
  'Trace[NUM]: "List(recursive=true)" count:NUM resourceVersion: (total time: 512ms)',
  '"Failed to watch" err="an error on the server (\\"unable to decode an event\\") has prevented the request from succeeding"',
];

const zapSaid: readonly string[] = [
  'RequestIPConfigs',
  'ADD called',
  'ADD success',
  'Received CNS IP config response',
  'pool is within bounds',
  'asked for NUM more IPs from Azure CNS',
  'Received Hubble peer change notification',
  'Received error from CNS: retrying: context canceled',
  '[requestIPConfigsHandler] Received request, ReturnCode: 0',
  '[AssignDesiredIPConfigs] Successfully assigned IPs for pod cart-NUM',
  'NNC status: NCUpdateSuccess, pool batch NUM, requested NUM IPs',
  'Parsed network config from stdin',
  'initialized CNS client',
  'IP pool utilization: assigned NUM of NUM, enough IPs available',
];

const envoySaid: readonly string[] = [
  'lds: add/update listener cilium-http-egress:NUM',
  'cm init: all clusters initialized',
  'DeltaAggregatedResources gRPC config stream closed: 14, upstream [error-free restart]',
  'onConfigUpdate(): took NUMms',
  'cilium.NetworkPolicy: onConfigUpdate(): Worker threads updated in NUMms',
  'error_count=0 critical=0 last [error] seen: never',
];

const plainSaid: readonly string[] = [
  "'/opt/cni/bin/cilium-cni' -> '/host/opt/cni/bin/cilium-cni'",
  'sysctl config created/updated, triggering systemd-sysctl.service',
  'none on /sys/fs/bpf type bpf (rw,nosuid,nodev,noexec,relatime,mode=700)',
  '[INFO] plugin/reload: Running configuration SHA512 = NUM',
  '[ERROR] plugin/errors: 2 login.microsoftonline.com. AAAA: read udp 10.224.0.NUM:51871->168.63.129.16:53: i/o timeout',
  '10.224.0.NUM - - "GET /panic HTTP/1.1" 200 NUM',
  '{"not":"a log line","number":NUM}',
  '{ cut off in the middle "msg":',
  'goroutine NUM [running]:',
  '',
];

const eventSaid: readonly string[] = [
  'Successfully assigned shop/cart-NUM to NODE',
  'Container image "shop/cart:1.NUM" already present on machine',
  'Readiness probe failed: HTTP probe failed with statuscode: 503',
  'Back-off restarting failed container cart in pod cart-NUM',
  'MountVolume.SetUp failed for volume "hubble-tls": references non-existent secret key',
  'Failed to create pod sandbox: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  'CiliumEndpoint shop/cart-NUM updated',
  'Liveness probe failed: panic: cart is empty',
  'Stopping container cilium-agent',
  'Node NODE status is now: NodeReady, cni plugin initialized',
];

const modules: readonly string[] = [
  'agent.controlplane.endpoint-manager',
  'agent.datapath.loader',
  'agent.controlplane.policy-k8s-watcher',
  'operator.operator-controlplane.leader-lifecycle',
];

function fields(turn: number): string {
  const error = turn % 5 === 0 ? ' error="context deadline exceeded"' : '';
  return ` endpointID=${turn % 4000} ciliumEndpointName=shop/cart-${turn % 90} identityLabels="k8s:app=\\"no-panic\\",k8s:tier=db"${error}`;
}

function fill(text: string, turn: number): string {
  return text.replaceAll('NUM', String(turn % 977)).replaceAll('NODE', `aks-np1-31415926-vmss00000${turn % 10}`);
}

function choice<T>(choices: readonly T[], turn: number): T {
  return choices[(turn * 31 + (turn >> 3)) % choices.length] as T;
}

function nanoseconds(at: Date, turn: number): string {
  return at.toISOString().replace('Z', `${String(turn % 1_000_000).padStart(6, '0')}Z`);
}
