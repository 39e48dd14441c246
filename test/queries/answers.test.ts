import { describe, expect, it } from 'vitest';
import type { WorkspaceTable } from '../../src/model/azure/azure-facts.ts';
import { chooseQuery } from '../../src/queries/choose-query.ts';
import { freshnessText } from '../../src/queries/freshness.ts';
import { queries } from '../../src/queries/index.ts';
import type { Database, DatabaseTable } from '../../src/simulator/kql/database.ts';
import { evaluateKql } from '../../src/simulator/kql/evaluate-kql.ts';
import { columnsOf, type TableName } from '../../src/simulator/logs/columns.ts';

const now = Date.parse('2026-11-22T12:00:00Z');
type Values = Readonly<Record<string, unknown>>;

/** Rows a minute apart, the first at 11:00; ingested a minute later. */
function table(name: TableName, rows: readonly Values[], plan: DatabaseTable['plan'] = 'Analytics'): DatabaseTable {
  const moment = (minute: number) => new Date(Date.parse('2026-11-22T11:00:00Z') + minute * 60_000).toISOString();
  return {
    ...{ name, plan, columns: columnsOf(name) },
    rows: () =>
      rows.map((values, at) => ({ values: { TimeGenerated: moment(at), ...values }, ingested: moment(at + 1) })),
  };
}

function answer(id: string, database: Database, given: Readonly<Record<string, string>> = {}): Values[] {
  const query = queries.find((one) => one.id === id);
  if (!query) throw new Error(`there is no ${id}`);
  const tables: readonly WorkspaceTable[] = database.tables.map(({ name, plan }) => ({ name, plan, columns: [] }));
  const chosen = chooseQuery(query, { workspace: { tables } }, given);
  if ('missing' in chosen) throw new Error(chosen.missing);
  return rowsOf(chosen.text, database);
}

function rowsOf(text: string, database: Database): Values[] {
  const [result] = evaluateKql(text, database, { now }).tables;
  return (result?.rows ?? []).map((row) =>
    Object.fromEntries(row.map((cell, at) => [result?.columns[at]?.name ?? '', cell])),
  );
}

const everything: readonly TableName[] = [
  ...(['ContainerLogV2', 'KubePodInventory', 'KubeEvents', 'Heartbeat', 'AzureActivity', 'Operation'] as const),
];

describe('every saved query', () => {
  it.each([
    ['the tables of today', ['ContainerNetworkLogs', 'AKSAuditAdmin', 'AKSAudit', 'AKSControlPlane'], 'Analytics'],
    ['older names', ['RetinaNetworkFlowLogs', 'AzureDiagnostics'], 'Analytics'],
    ['flow logs on the Basic plan', ['ContainerNetworkLogs', 'AKSAudit', 'AKSControlPlane'], 'Basic'],
  ] as const)('is understood with %s', (_name, names, plan) => {
    const tables = [
      ...everything.map((name) => table(name, [])),
      ...names.map((name, at) => table(name, [], at === 0 ? plan : 'Analytics')),
    ];
    for (const { id } of queries)
      expect(answer(id, { tables }, id === 'flows-between' ? { from: 'a', to: 'b' } : {})).toEqual([]);
  });
});

/** What a flow says, in the casing of Hubble's JSON and in the one of the table's description. */
const casings = {
  lower: {
    four: (port: number) => ({ tcp: { destinationPort: port } }),
    policies: (name: string) => ({ egressDeniedBy: [{ name, namespace: 'shop' }] }),
    workload: (name: string) => [{ name }],
    seven: { dns: { query: 'db.shop.', rcode: 3 } },
    http: { http: { code: 503, method: 'GET' } },
  },
  upper: {
    four: (port: number) => ({ TCP: { destination_port: port } }),
    policies: (name: string) => [{ Name: name, Namespace: 'shop' }],
    workload: (name: string) => [{ Name: name }],
    seven: { DNS: { Query: 'db.shop.', Rcode: 'NXDOMAIN' } },
    http: { HTTP: { Code: '503', Method: 'GET' } },
  },
};

describe.each(Object.entries(casings))('flows in %s casing', (_name, { four, policies, workload, seven, http }) => {
  const denied = {
    ...{ Verdict: 'DROPPED', DropReason: 'POLICY_DENIED', TrafficDirection: 'EGRESS', NodeName: 'node-1' },
    ...{ SourceNamespace: 'shop', SourcePodName: 'web-1', SourceWorkloads: workload('web') },
    ...{ DestinationNamespace: 'pay', DestinationPodName: 'db-0', DestinationWorkloads: workload('db') },
    ...{ Layer4: four(5432), EgressFlowCount: 4, UUID: 'u1' },
  };
  const outside = { DestinationNamespace: '', DestinationPodName: '', DestinationWorkloads: null };
  const tables = [
    table('ContainerNetworkLogs', [
      { ...denied, Policies: policies('deny-db') },
      { ...denied, Policies: null, IngressFlowCount: 1, UUID: 'u2' },
      { ...denied, ...outside, IP: { destination: '203.0.113.9' }, DropReason: 'UNSUPPORTED_L3_PROTOCOL', UUID: 'u3' },
      { ...denied, Verdict: 'FORWARDED', DropReason: '', Layer7: seven, UUID: 'u4' },
      { ...denied, Verdict: 'FORWARDED', DropReason: '', Layer7: http, Reply: true, UUID: 'u5' },
      { ...denied, Verdict: 'FORWARDED', DropReason: '', Layer7: { dns: { rcode: 0 } }, UUID: 'u6' },
    ]),
  ];

  it('tell who was denied what, oldest first', () => {
    expect(answer('denied-flows', { tables })).toMatchObject([
      { Source: 'shop/web', Destination: 'pay/db', Port: '5432', Protocol: 'TCP', Flows: 4, UUID: 'u1' },
      { Source: 'shop/web', Destination: 'pay/db', Port: '5432', Protocol: 'TCP', Flows: 5, UUID: 'u2' },
      { Source: 'shop/web', Destination: '203.0.113.9', DropReason: 'UNSUPPORTED_L3_PROTOCOL', UUID: 'u3' },
    ]);
    expect(answer('denied-flows', { tables }, { namespace: 'elsewhere' })).toEqual([]);
    expect(answer('denied-flows', { tables }, { pod: 'db-0', node: 'node-1' })).toHaveLength(2);
  });

  it('tell by which policy', () => {
    expect(answer('denied-flows-by-policy', { tables })).toMatchObject([
      { Policy: '', Destination: 'pay/db', Flows: 5 },
      { Policy: 'shop/deny-db', Destination: 'pay/db', Flows: 4 },
      { Policy: '', Destination: '203.0.113.9', Flows: 4 },
    ]);
  });

  it.each([
    ['top-denied-talkers', {}, [{ Source: 'shop/web', Destination: 'pay/db', Flows: 9 }]],
    ['drops-by-node', {}, [{ NodeName: 'node-1', DropReason: 'POLICY_DENIED', Flows: 9 }, { Flows: 4 }]],
    ['denied-over-time', {}, [{ Flows: 4 }, { Flows: 5 }, { Flows: 4 }]],
    ['dns-failures', {}, [{ Asker: 'shop/web', Code: 'NXDOMAIN', Name: 'db.shop.', Flows: 4 }]],
    ['http-errors', {}, [{ Code: 503, Method: 'GET', Client: 'pay/db', Server: 'shop/web', Flows: 4 }]],
    ['flows-between', { from: 'pay/db', to: 'shop/web-1' }, ['u1', 'u2', 'u4', 'u5', 'u6'].map((UUID) => ({ UUID }))],
  ])('answer %s', (id, given, rows) => {
    expect(answer(id, { tables }, given as Readonly<Record<string, string>>)).toMatchObject(rows);
  });
});

describe('what containers wrote', () => {
  const line = (ContainerName: string, LogMessage: string, more: Values = {}) => ({
    ...{ PodNamespace: 'kube-system', PodName: 'cilium-abcde', Computer: 'node-1', ContainerName, LogMessage, ...more },
  });
  const operator = { PodName: 'cilium-operator-1', Computer: 'node-2' };
  const tables = [
    table('ContainerLogV2', [
      line('cilium-agent', 'time=2026-11-22T11:00:00Z level=info msg="all well"'),
      line('cilium-agent', 'time=2026-11-22T11:00:00Z level=error msg="Regeneration of endpoint failed" endpointID=1'),
      line('cilium-agent', 'level=warning msg="Unable to contact k8s api-server" subsys=x', { Computer: 'node-3' }),
      line('cilium-agent', 'level=error msg="Regeneration of endpoint failed" endpointID=2', { Computer: 'node-3' }),
      line('cilium-operator', 'level=info msg="Unable to create CiliumEndpointSlice in k8s-apiserver" ces=a', operator),
      line('cilium-operator', 'level=error msg="Dropping the CES from queue, exceeded maxRetries" ces=a', operator),
      line('web', 'GET /', { PodNamespace: 'shop', PodName: 'web-1' }),
    ]),
  ];

  it.each([
    [
      'agent-errors',
      {},
      [
        { Level: 'error', Pattern: 'Regeneration of endpoint failed', Lines: 2, Nodes: 2 },
        { Level: 'warn', Pattern: 'Unable to contact k8s api-server', Lines: 1, Nodes: 1 },
      ],
    ],
    ['agent-errors', { node: 'node-1' }, [{ Level: 'error', Lines: 1 }]],
    [
      'agent-errors-over-time',
      {},
      [
        { Computer: 'node-1', Lines: 1 },
        { Computer: 'node-3', Lines: 2 },
      ],
    ],
    [
      'ces-operator-errors',
      {},
      [
        { Pattern: 'Dropping the CES from queue, exceeded maxRetries' },
        { Pattern: 'Unable to create CiliumEndpointSlice in k8s-apiserver' },
      ],
    ],
    ['node-to-api-failures', {}, [{ Computer: 'node-3', What: 'cannot start without it', Lines: 1 }]],
    ['pod-logs', { namespace: 'shop', pod: 'web' }, [{ PodName: 'web-1', Message: 'GET /' }]],
    ['pod-logs', { contains: 'maxRetries', container: 'cilium-operator' }, [{ PodName: 'cilium-operator-1' }]],
  ])('answers %s %j', (id, given, rows) => {
    const found = answer(id, { tables }, given as Readonly<Record<string, string>>);
    const sorted = id.endsWith('over-time')
      ? found.toSorted((a, b) => (String(a['Computer']) < String(b['Computer']) ? -1 : 1))
      : found;
    expect(sorted).toMatchObject(rows);
  });
});

const change = {
  ...{ verb: 'delete', stage: 'ResponseComplete', auditID: 'a1', sourceIPs: ['203.0.113.4'] },
  ...{ user: { username: 'ana@example.com' }, responseStatus: { code: 200 } },
  objectRef: { resource: 'ciliumnetworkpolicies', namespace: 'shop', name: 'allow-db' },
};
const dedicated = {
  ...{ Verb: change.verb, Stage: change.stage, AuditId: change.auditID, SourceIps: change.sourceIPs },
  ...{ User: change.user, ObjectRef: change.objectRef, ResponseStatus: change.responseStatus },
};
const controller = { username: 'system:serviceaccount:kube-system:cilium-operator' };

describe.each([
  [
    'tables of their own',
    table('AKSAuditAdmin', [
      dedicated,
      { ...dedicated, User: controller },
      { ...dedicated, ResponseStatus: { code: 403 } },
      { ...dedicated, Verb: 'get' },
    ]),
  ],
  [
    'AzureDiagnostics',
    table(
      'AzureDiagnostics',
      [
        change,
        { ...change, user: controller },
        { ...change, responseStatus: { code: 403 } },
        { ...change, verb: 'get' },
      ].map((event) => ({ Category: 'kube-audit-admin', log_s: JSON.stringify(event) })),
    ),
  ],
])('audit records in %s', (_name, audit) => {
  const row = {
    Verb: 'delete',
    Account: 'ana@example.com',
    Source: '203.0.113.4',
    Namespace: 'shop',
    Name: 'allow-db',
  };

  it.each([
    ['policy-changes', { namespace: 'shop' }, [row, { Account: controller.username }]],
    ['deletes', {}, [row]],
    ['deletes', { people: 'no' }, [row, { Account: controller.username }]],
  ])('answer %s %j', (id, given, rows) => {
    expect(answer(id, { tables: [audit] }, given as Readonly<Record<string, string>>)).toMatchObject(rows);
  });
});

describe('the rest', () => {
  it('tells which of Cilium’s pods restarted', () => {
    const pod = { Namespace: 'kube-system', Name: 'cilium-a', ContainerName: 'uid/cilium-agent', Computer: 'node-1' };
    const tables = [
      table('KubePodInventory', [
        { ...pod, ContainerRestartCount: 1, ContainerStatusReason: '' },
        { ...pod, ContainerRestartCount: 3, ContainerStatusReason: 'CrashLoopBackOff' },
        { ...pod, Name: 'cilium-b', ContainerRestartCount: 7, ContainerStatusReason: '' },
      ]),
    ];
    expect(answer('agent-restarts', { tables })).toMatchObject([
      { Name: 'cilium-a', Container: 'cilium-agent', Restarts: 2, Reason: 'CrashLoopBackOff' },
    ]);
  });

  it.each([
    ['AKSControlPlane', { Category: 'kube-apiserver', Level: 'ERROR', Message: 'E1122 11:00:01.1   1 a.go:1] "no"' }],
    ['AzureDiagnostics', { Category: 'kube-apiserver', log_s: 'E1122 11:00:01.1   1 a.go:1] "no"', pod_s: 'x' }],
  ] as const)('tells what the control plane complains of: %s', (name, values) => {
    const tables = [table(name, [values, { ...values, Level: 'INFO', Message: 'I1122 well', log_s: 'I1122 well' }])];
    expect(answer('control-plane-errors', { tables })).toMatchObject([{ Pattern: 'a.go:1] "no"', Lines: 1 }]);
  });

  it('tells how old each table is, and how late its rows come', () => {
    const tables = [table('Heartbeat', [{}, {}]), table('ContainerLogV2', [{}])];
    expect(answer('ingestion-health', { tables })).toMatchObject([
      { Table: 'ContainerLogV2', Rows: 1, AgeMinutes: 60, LateBySeconds: 60 },
      { Table: 'Heartbeat', Rows: 2, AgeMinutes: 59, LateBySeconds: 60 },
    ]);
    expect(rowsOf(freshnessText('Heartbeat'), { tables })).toEqual([
      { Newest: '2026-11-22T11:01:00Z', Ingested: '2026-11-22T11:02:00Z', LateBy: 60 },
    ]);
  });

  it('tells each event once, with its last count', () => {
    const event = { ObjectKind: 'Pod', Namespace: 'shop', Name: 'web-1', Reason: 'BackOff', Message: 'again' };
    const tables = [
      table('KubeEvents', [
        { ...event, Count: 1 },
        { ...event, Count: 5 },
        { ...event, Reason: 'Killing' },
      ]),
    ];
    expect(answer('kubernetes-events', { tables }).map(({ Reason, Count }) => [Reason, Count])).toEqual(
      expect.arrayContaining([['BackOff', 5]]),
    );
    expect(answer('kubernetes-events', { tables })).toHaveLength(2);
  });
});
