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

const forms: readonly Form[] = [slog, logrus, klog, zap, envoy, plain, event];

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
];

const envoySaid: readonly string[] = [
  'lds: add/update listener cilium-http-egress:NUM',
  'cm init: all clusters initialized',
  'DeltaAggregatedResources gRPC config stream closed: 14, upstream [error-free restart]',
  'onConfigUpdate(): took NUMms',
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
