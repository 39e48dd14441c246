// What a workspace holds follows from the world and from what is set up in Azure.
import { describe, expect, it } from 'vitest';
import type { AzureSettings } from '../../../src/simulator/azure/azure-settings.ts';
import { deniedFlows } from '../../../src/simulator/voices/drops.ts';
import { createScene } from '../../../src/simulator/voices/scene.ts';
import { type LogLine, smallWorkspace } from './small-workspace.ts';

const quiet = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: quiet, namespace: shop }
spec: { podSelector: { matchLabels: { app: api } }, policyTypes: [Egress] }`;

const never = `
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: never, namespace: shop }
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: api } }] }]`;

const dropped = (lines: readonly LogLine[]) => lines.filter(({ Verdict }) => Verdict === 'DROPPED');
const flow = (line: LogLine) =>
  `${line['SourceNamespace']}/${line['SourceWorkloads'][0].name} → ${line['DestinationWorkloads'][0].name}:${line['Layer4'].TCP?.destination_port} ${line['TrafficDirection']} ${line['DropReason']}`;

describe('the tables of a workspace', () => {
  const inventory = ['ContainerLogV2', 'KubePodInventory', 'KubeEvents', 'KubeNodeInventory', 'Heartbeat'];
  const cases: { what: string; settings: Partial<AzureSettings>; has: string[]; lacks: string[] }[] = [
    {
      what: 'by default',
      settings: {},
      has: ['ContainerNetworkLogs Analytics', 'AKSAudit Analytics', ...inventory.map((name) => `${name} Analytics`)],
      lacks: ['RetinaNetworkFlowLogs Analytics', 'AzureDiagnostics Analytics'],
    },
    {
      what: 'with the older name of flow logs',
      settings: { flowLogs: 'older-name' },
      has: ['RetinaNetworkFlowLogs Analytics'],
      lacks: ['ContainerNetworkLogs Analytics'],
    },
    {
      what: 'with flow logs on the Basic plan',
      settings: { flowLogs: 'basic' },
      has: ['ContainerNetworkLogs Basic', 'ContainerLogV2 Analytics'],
      lacks: ['ContainerNetworkLogs Analytics'],
    },
    {
      what: 'without flow logs',
      settings: { flowLogs: 'none' },
      has: ['ContainerLogV2 Analytics'],
      lacks: ['ContainerNetworkLogs Analytics', 'RetinaNetworkFlowLogs Analytics'],
    },
    {
      what: 'without the add-on, which collects flow logs too',
      settings: { monitoring: false },
      has: ['AKSAudit Analytics', 'Usage Analytics'],
      lacks: ['ContainerNetworkLogs Analytics', ...inventory.map((name) => `${name} Analytics`)],
    },
    {
      what: 'with a legacy diagnostic setting',
      settings: { audit: 'legacy' },
      has: ['AzureDiagnostics Analytics'],
      lacks: ['AKSAudit Analytics', 'AKSControlPlane Analytics'],
    },
    {
      what: 'without a diagnostic setting',
      settings: { audit: 'none' },
      has: ['KubeEvents Analytics'],
      lacks: ['AKSAudit Analytics', 'AzureDiagnostics Analytics'],
    },
  ];
  it.each(cases)('$what', ({ settings, has, lacks }) => {
    const { logs } = smallWorkspace(settings);
    const tables = logs.tables().map(({ name, plan }) => `${name} ${plan}`);
    expect(tables).toEqual(expect.arrayContaining(has));
    expect(tables.filter((table) => lacks.includes(table))).toEqual([]);
  });
});

describe('flows', () => {
  it('tell of a denied pair half a minute after the policy, as often as the agents count it', () => {
    const { lines, pass, store, world, write } = smallWorkspace();
    expect(dropped(lines('ContainerNetworkLogs'))).toEqual([]);
    write(quiet);
    pass(92);
    const rows = dropped(lines('ContainerNetworkLogs'));
    const scene = createScene(store, world.now, (node) => world.view.nodes.get(node)?.pods ?? []);
    const agents = store.list('Pod', 'kube-system').filter(({ metadata }) => metadata.labels?.['k8s-app'] === 'cilium');
    const counted = agents.flatMap((agent) => deniedFlows(scene, agent));
    expect(counted.length).toBeGreaterThan(0);
    // Each of them is in two or three half minutes, each at half a packet a second.
    expect(new Set(rows.map(({ SourcePodName }) => SourcePodName)).size).toBe(
      new Set(counted.map(({ endpoint }) => endpoint.metadata.name)).size,
    );
    expect(rows.length).toBeGreaterThanOrEqual(2 * counted.length);
    expect(rows.length).toBeLessThanOrEqual(3 * counted.length);
    // Every pod asks for names, too, by UDP.
    const told = ['shop/api → db:5432 EGRESS POLICY_DENIED', 'shop/api → coredns:undefined EGRESS POLICY_DENIED'];
    expect(new Set(rows.map(flow))).toEqual(new Set(told));
    expect(new Set(rows.map(({ EgressFlowCount }) => EgressFlowCount <= 15)).has(false)).toBe(false);
    expect(rows.filter(({ EgressFlowCount }) => EgressFlowCount === 15).length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ Policies }) => Policies))).toEqual(new Set([null]));
  });

  it('name the policy that denies, and that it does so by a deny rule', () => {
    const { lines, pass, write } = smallWorkspace();
    write(never);
    pass(70);
    const rows = dropped(lines('ContainerNetworkLogs'));
    expect(new Set(rows.map(flow))).toEqual(new Set(['shop/api → db:5432 INGRESS POLICY_DENY']));
    expect(rows[0]?.['Policies']).toMatchObject([{ name: 'never', namespace: 'shop', kind: 'CiliumNetworkPolicy' }]);
  });

  it('are those that a ContainerNetworkLog includes, from when it is taken up until it is deleted', () => {
    const { lines, pass, store, world, write } = smallWorkspace();
    store.remove('ContainerNetworkLog', '', 'all-flows');
    const since = world.now();
    pass(60);
    write(`
apiVersion: acn.azure.com/v1alpha1
kind: ContainerNetworkLog
metadata: { name: of-shop }
spec: { includefilters: [{ name: from, from: { labelSelector: { matchLabels: { k8s.io/namespace: shop } } }, verdict: [forwarded] }] }`);
    const made = world.now();
    pass(180);
    const gone = world.now();
    store.remove('ContainerNetworkLog', '', 'of-shop');
    pass(180);
    const rows = lines('ContainerNetworkLogs').filter(({ TimeGenerated }) => Date.parse(TimeGenerated) > since);
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map((row) => row['SourceNamespace']))).toEqual(new Set(['shop']));
    const times = rows.map(({ TimeGenerated }) => Date.parse(TimeGenerated));
    expect(Math.min(...times)).toBeGreaterThan(made);
    expect(Math.max(...times)).toBeLessThanOrEqual(gone);
  });

  it('remember a policy that came and went while nobody asked', () => {
    const { lines, pass, store, world, write } = smallWorkspace();
    pass(60);
    const made = world.now();
    write(quiet);
    pass(300);
    const gone = world.now();
    store.remove('NetworkPolicy', 'shop', 'quiet');
    pass(300);
    const times = dropped(lines('ContainerNetworkLogs')).map(({ TimeGenerated }) => Date.parse(TimeGenerated));
    expect(times.length).toBeGreaterThan(10);
    expect(Math.min(...times)).toBeGreaterThan(made);
    expect(Math.max(...times)).toBeLessThanOrEqual(gone + 30_000);
  });

  it('remember what pods were denied that are gone when somebody first asks', () => {
    const { lines, pass, pods, remove, world, write } = smallWorkspace();
    write(quiet);
    pass(90);
    const before = pods('shop').filter(({ metadata }) => metadata.name.startsWith('api-'));
    for (const pod of before) remove(pod);
    pass(120);
    const asked = new Set(before.map(({ metadata }) => metadata.name));
    expect(pods('shop').filter(({ metadata }) => asked.has(metadata.name))).toEqual([]);
    const rows = dropped(lines('ContainerNetworkLogs')).filter(({ SourcePodName }) => asked.has(SourcePodName));
    expect(new Set(rows.map(({ SourcePodName }) => SourcePodName))).toEqual(asked);
    expect(Math.max(...rows.map(({ TimeGenerated }) => Date.parse(TimeGenerated)))).toBeLessThan(world.now() - 30_000);
  });

  it('show names looked up only where a policy has DNS rules', () => {
    const { lines, pass, write } = smallWorkspace();
    const seen = () => lines('ContainerNetworkLogs').filter(({ FlowType }) => FlowType === 'L7');
    pass(40);
    expect(seen()).toEqual([]);
    write(`
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: names, namespace: shop }
spec:
  endpointSelector: {}
  egress:
  - toEntities: [all]
  - toEndpoints: [{ matchLabels: { k8s:io.kubernetes.pod.namespace: kube-system, k8s-app: kube-dns } }]
    toPorts: [{ ports: [{ port: "53", protocol: ANY }], rules: { dns: [{ matchPattern: "*" }] } }]`);
    pass(200);
    const codes = new Set(seen().map(({ Layer7 }) => Layer7.dns.rcode));
    expect([...codes]).toEqual(expect.arrayContaining([0, 3]));
    expect(seen()[0]).toMatchObject({
      Reply: true,
      SourceWorkloads: [{ name: 'coredns' }],
      SourceNamespace: 'kube-system',
    });
  });

  it('stop on a node whose agent is down, and go on elsewhere', () => {
    const { lines, nodes, pass, world } = smallWorkspace();
    const labels = { 'k8s-app': 'cilium' };
    const fails = {
      namespace: 'kube-system',
      labels,
      where: { first: 1 },
      container: 'cilium-agent',
      exitCode: 1,
      message: '',
    };
    world.change({ fails: [fails] });
    const [down] = nodes()
      .map(({ metadata }) => metadata.name)
      .sort();
    pass(120);
    const told = new Set(
      lines('ContainerNetworkLogs')
        .slice(-200)
        .map(({ NodeName }) => NodeName),
    );
    expect(told.size).toBe(nodes().length - 1);
    expect(told.has(down)).toBe(false);
  });

  it('are not logged without ACNS, whatever Azure is set to', () => {
    const { lines, pass } = smallWorkspace({ flowLogs: 'analytics' }, { acns: false });
    pass(60);
    expect(lines('ContainerNetworkLogs')).toEqual([]);
  });

  it('have no past where they are turned on later', () => {
    const { lines, pass, settings, world } = smallWorkspace({ flowLogs: 'none' });
    pass(60);
    settings.change({ flowLogs: 'analytics' });
    const since = world.now();
    pass(200);
    const rows = lines('ContainerNetworkLogs');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ TimeGenerated }) => Date.parse(TimeGenerated) < since)).toEqual([]);
  });

  it('have an id each', () => {
    const { lines, pass } = smallWorkspace();
    pass(300);
    const ids = lines('ContainerNetworkLogs').map(({ UUID }) => UUID);
    expect(ids.length).toBeGreaterThan(100);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('the audit log', () => {
  const brief = ({ Verb, User, ObjectRef, ResponseStatus }: LogLine) =>
    `${User.username} ${Verb} ${ObjectRef.resource} ${ObjectRef.namespace}/${ObjectRef.name} ${ResponseStatus.code}`;

  it('has an edit minutes later, with who made it', () => {
    const { edit, lines, pass, world } = smallWorkspace();
    const at = world.now();
    edit('NetworkPolicy', 'shop', 'allow-web', (policy) => {
      policy['spec'] = { podSelector: {}, policyTypes: ['Ingress'] };
    });
    pass(190);
    expect(lines('AKSAuditAdmin')).toEqual([]);
    pass(120);
    expect(lines('AKSAuditAdmin').map(brief)).toEqual([
      'ines.okafor@contoso.example patch networkpolicies shop/allow-web 200',
    ]);
    const [row] = lines('AKSAuditAdmin');
    expect(Date.parse(row?.TimeGenerated ?? '')).toBe(at);
    expect(Date.parse(row?.ingested ?? '') - at).toBeGreaterThanOrEqual(200_000);
    expect(row?.['RequestObject'].spec.podSelector).toEqual({});
  });

  it('tells what came through the API once, with what it was about, and reads only where all is told', () => {
    const { lines, pass, requests, world, write } = smallWorkspace();
    const path = '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies';
    const at = new Date(world.now()).toISOString();
    const entry = { at, user: 'mara', userAgent: 'kubectl/v1.34.2', ms: 3, bytes: 10 };
    write(quiet, 'kubectl');
    requests.push({ ...entry, verb: 'create', method: 'POST', path, status: 201 });
    requests.push({ ...entry, verb: 'create', method: 'POST', path: `${path}?dryRun=All`, status: 201 });
    requests.push({ ...entry, verb: 'list', method: 'GET', path, status: 200 });
    requests.push({ ...entry, verb: 'delete', method: 'DELETE', path: `${path}/quiet`, status: 403 });
    requests.push({ ...entry, verb: '', method: 'GET', path: '/version', status: 200 });
    pass(400);
    expect(lines('AKSAuditAdmin').map(brief).sort()).toEqual([
      'mara create networkpolicies shop/ 201',
      'mara create networkpolicies shop/quiet 201',
      'mara delete networkpolicies shop/quiet 403',
    ]);
    expect(lines('AKSAudit').map(brief)).toContain('mara list networkpolicies shop/ 200');
  });

  it('is text in the legacy table', () => {
    const { lines, pass, write } = smallWorkspace({ audit: 'legacy' });
    write(quiet);
    pass(400);
    const rows = lines('AzureDiagnostics');
    expect(rows.map(({ Category }) => Category).sort()).toEqual(['kube-audit', 'kube-audit-admin']);
    expect(JSON.parse(rows[0]?.['log_s'])).toMatchObject({ verb: 'create', objectRef: { name: 'quiet' } });
    expect(lines('AKSAudit')).toEqual([]);
  });
});

describe('what the add-on collects', () => {
  const crash = { namespace: 'kube-system', labels: { 'k8s-app': 'cilium' }, where: { first: 1 } };
  const message = 'level=fatal msg="failed to start: daemon creation failed" error="bpf map: no space left on device"';

  it('has the last words of an agent, and its restarts minute by minute', () => {
    const { lines, pass, world } = smallWorkspace();
    lines('ContainerLogV2');
    const before = lines('KubePodInventory').length;
    world.change({ fails: [{ ...crash, container: 'cilium-agent', exitCode: 1, message }] });
    pass(200);
    const words = lines('ContainerLogV2').filter(({ LogMessage }) => String(LogMessage).includes('no space left'));
    expect(words.length).toBeGreaterThan(2);
    expect(words[0]).toMatchObject({
      LogLevel: 'CRITICAL',
      ContainerName: 'cilium-agent',
      PodNamespace: 'kube-system',
    });
    const rows = lines('KubePodInventory').slice(before);
    const minutes = new Set(rows.map(({ TimeGenerated }) => TimeGenerated.slice(0, 16)));
    expect(minutes.size).toBe(3);
    const restarts = rows
      .filter(({ ContainerName, Name }) => ContainerName.endsWith('/cilium-agent') && Name === words[0]?.['PodName'])
      .map(({ ContainerRestartCount }) => ContainerRestartCount);
    expect(restarts.at(-1)).toBeGreaterThan(restarts[0]);
  });

  it('leaves kube-system out where the agent is told so', () => {
    const { lines, pass } = smallWorkspace({ systemLogs: false });
    pass(60);
    const rows = lines('ContainerLogV2');
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter(({ PodNamespace }) => PodNamespace === 'kube-system')).toEqual([]);
  });

  it('makes a bag of a line that is JSON', () => {
    const { lines, pass } = smallWorkspace();
    pass(60);
    const row = lines('ContainerLogV2').find(({ PodNamespace }) => PodNamespace === 'shop');
    expect(row?.['LogMessage']).toMatchObject({ level: expect.any(String), msg: expect.any(String) });
  });

  it('has a heartbeat of each node that is up, each minute', () => {
    const { lines, nodes, pass, world } = smallWorkspace();
    const before = lines('Heartbeat').length;
    world.change({ silentKubelets: [{ first: 1 }] });
    pass(300);
    const fresh = lines('Heartbeat').slice(before);
    const last = fresh.filter(
      ({ TimeGenerated }) => TimeGenerated.slice(0, 16) === fresh.at(-1)?.TimeGenerated.slice(0, 16),
    );
    expect(new Set(last.map(({ Computer }) => Computer)).size).toBe(nodes().length - 1);
  });
});

describe('ingestion', () => {
  const ids = (rows: readonly LogLine[]) => rows.map(({ UUID }) => UUID as string);

  it('never puts a row before one that could be read already', () => {
    const { lines, pass, logs } = smallWorkspace({ delay: { agent: [5, 60], resource: [5, 60] } });
    logs.troubles.change({ late: true, duplicates: true });
    let known = lines('ContainerNetworkLogs');
    for (let step = 0; step < 12; step++) {
      pass(7);
      const now = lines('ContainerNetworkLogs');
      expect(now.slice(0, known.length).map(({ ingested }) => ingested)).toEqual(known.map(({ ingested }) => ingested));
      const newest = known.at(-1)?.ingested ?? '';
      expect(now.slice(known.length).filter(({ ingested }) => ingested < newest)).toEqual([]);
      known = now;
    }
  });

  it('brings rows late, and twice, where that is ordered', () => {
    const plain = smallWorkspace();
    plain.lines('ContainerNetworkLogs');
    plain.pass(900);
    const all = ids(plain.lines('ContainerNetworkLogs'));
    const { lines, logs, pass } = smallWorkspace();
    lines('ContainerNetworkLogs');
    logs.troubles.change({ late: true, duplicates: true });
    pass(900);
    const told = ids(lines('ContainerNetworkLogs'));
    expect(told.length).not.toBe(new Set(told).size);
    const lag = lines('ContainerNetworkLogs').map(
      ({ ingested, TimeGenerated }) => Date.parse(ingested) - Date.parse(TimeGenerated),
    );
    expect(Math.max(...lag)).toBeGreaterThan(120_000);
    pass(600);
    // None is lost: what is late comes in the end.
    const found = new Set(ids(lines('ContainerNetworkLogs')));
    expect(all.filter((id) => !found.has(id))).toEqual([]);
  });

  it('takes in nothing while it is stopped, and what was lost does not come later', () => {
    const { lines, logs, pass, world } = smallWorkspace();
    lines('Heartbeat');
    logs.troubles.change({ stopped: true });
    const stopped = world.now();
    pass(300);
    logs.troubles.change({ stopped: false });
    const again = world.now();
    pass(300);
    const gap = lines('Heartbeat').filter(({ TimeGenerated }) => {
      const at = Date.parse(TimeGenerated);
      return at > stopped && at < again;
    });
    expect(gap).toEqual([]);
    expect(Date.parse(lines('Heartbeat').at(-1)?.TimeGenerated ?? '')).toBeGreaterThan(again);
  });

  it('has bursts that were taken in at the very same moment', () => {
    const { lines, pass } = smallWorkspace();
    pass(60);
    const moments = Map.groupBy(lines('ContainerNetworkLogs'), ({ ingested }) => ingested);
    expect(Math.max(...[...moments.values()].map((rows) => rows.length))).toBeGreaterThan(5);
  });
});
