import { hex } from '../chance.ts';
import { type Endpoint, timeOf } from '../shapes.ts';
import { type AgentCommand, type Asked, columns, document, listing, policyRevision, refusal } from './command.ts';

export const endpointCommands: readonly AgentCommand[] = [
  {
    words: 'endpoint list',
    answer(asked) {
      const endpoints = asked.scene.endpointsOn(asked.pod);
      const header = [
        'ENDPOINT',
        'POLICY (ingress)',
        'POLICY (egress)',
        'IDENTITY',
        'LABELS (source:key[=value])',
        'IPv4',
        'STATUS',
      ];
      return listing(
        asked,
        endpoints.map((endpoint) => endpointDocument(asked, endpoint)),
        header,
        endpoints.map((endpoint) => endpointRow(endpoint)),
      );
    },
  },
  {
    words: 'endpoint get',
    answer(asked) {
      const found = find(asked);
      if (found === undefined) return notFound(asked);
      return document([endpointDocument(asked, found)]);
    },
  },
  {
    words: 'endpoint health',
    answer(asked) {
      const found = find(asked);
      if (found === undefined) return notFound(asked);
      const health = healthOf(found);
      if (asked.json) return document(health);
      const lines = [
        ['Overall Health:', health.overallHealth],
        ['BPF Health:', health.bpf],
        ['Policy Health:', health.policy],
        ['Connected:', health.connected ? 'yes' : 'no'],
      ];
      return { stdout: columns(lines) };
    },
  },
  {
    words: 'endpoint log',
    answer(asked) {
      const found = find(asked);
      if (found === undefined) return notFound(asked);
      const log = logOf(found);
      return listing(
        asked,
        log,
        ['Timestamp', 'Status', 'State', 'Message'],
        log.map((entry) => [entry.timestamp, entry.code, entry.state, entry.message]),
      );
    },
  },
];

/** By agent-local id, or as the agent also takes it: `pod-name:namespace:name`, `ipv4:address`. */
function find(asked: Asked): Endpoint | undefined {
  const [word = ''] = asked.rest;
  return asked.scene.endpointsOn(asked.pod).find((endpoint) => {
    const { namespace, name } = endpoint.metadata;
    const address = endpoint.status?.networking?.addressing?.[0]?.ipv4;
    return [
      String(endpoint.status?.id),
      `pod-name:${namespace}:${name}`,
      `cep-name:${namespace}/${name}`,
      `ipv4:${address}`,
    ].includes(word);
  });
}

function notFound(asked: Asked) {
  const [word] = asked.rest;
  if (word === undefined) return refusal('Error: cannot get endpoint: missing endpoint id');
  return refusal(`Error: Cannot get endpoint ${word}: [GET /endpoint/{id}][404] getEndpointIdNotFound`);
}

function endpointDocument(asked: Asked, endpoint: Endpoint) {
  const { status = {} } = endpoint;
  const labels = status.identity?.labels ?? [];
  const revision = policyRevision(asked.scene);
  const policy = {
    'allowed-egress-identities': status.policy?.egress?.enforcing ? [] : [0],
    'allowed-ingress-identities': status.policy?.ingress?.enforcing ? [1] : [0, 1],
    build: revision,
    'denied-egress-identities': [],
    'denied-ingress-identities': [],
    id: status.identity?.id,
    l4: { egress: [], ingress: [] },
    'policy-enabled': enabled(endpoint),
    'policy-revision': revision,
  };
  const [addressing = {}] = status.networking?.addressing ?? [];
  return {
    id: status.id,
    spec: {
      'label-configuration': { user: [] },
      options: { ConntrackAccounting: 'Enabled', Debug: 'Disabled', PolicyVerdictNotification: 'Enabled' },
    },
    status: {
      controllers: [],
      'external-identifiers': {
        'cep-name': `${endpoint.metadata.namespace}/${endpoint.metadata.name}`,
        'container-id':
          status['external-identifiers']?.['container-id'] ?? hex(`${endpoint.metadata.uid} container`, 64),
        'k8s-namespace': endpoint.metadata.namespace,
        'k8s-pod-name': endpoint.metadata.name,
        'pod-name': `${endpoint.metadata.namespace}/${endpoint.metadata.name}`,
      },
      health: healthOf(endpoint),
      identity: { id: status.identity?.id, labels, labelsSHA256: hex(labels.join(';'), 64) },
      labels: { derived: [], disabled: [], realized: { user: [] }, 'security-relevant': labels },
      log: logOf(endpoint),
      namedPorts: status['named-ports'] ?? [],
      networking: {
        addressing: [addressing],
        'container-interface-name': 'eth0',
        'interface-name': `lxc${hex(`${endpoint.metadata.uid} lxc`, 12)}`,
      },
      policy: { 'proxy-statistics': [], realized: policy, spec: policy },
      realized: { 'label-configuration': { user: [] } },
      state: status.state,
    },
  };
}

function endpointRow(endpoint: Endpoint): string[] {
  const { status = {} } = endpoint;
  const word = (enforcing: boolean | undefined) => (enforcing ? 'Enabled' : 'Disabled');
  return [
    String(status.id ?? ''),
    word(status.policy?.ingress?.enforcing),
    word(status.policy?.egress?.enforcing),
    String(status.identity?.id ?? ''),
    status.identity?.labels?.join(',') ?? '',
    status.networking?.addressing?.[0]?.ipv4 ?? '',
    status.state ?? '',
  ];
}

function enabled(endpoint: Endpoint): string {
  const { ingress, egress } = endpoint.status?.policy ?? {};
  if (ingress?.enforcing && egress?.enforcing) return 'both';
  if (ingress?.enforcing) return 'ingress';
  return egress?.enforcing ? 'egress' : 'none';
}

function healthOf(endpoint: Endpoint) {
  const ready = endpoint.status?.state === 'ready';
  const word = ready ? 'OK' : 'Pending';
  return { bpf: word, connected: true, overallHealth: word, policy: word };
}

function logOf(endpoint: Endpoint) {
  const created = timeOf(endpoint.metadata.creationTimestamp);
  const steps = [
    ['waiting-for-identity', 'Endpoint creation'],
    ['waiting-for-identity', 'Set identity for this endpoint'],
    ['regenerating', 'Regenerating endpoint: updated security labels'],
    ['ready', 'Successfully regenerated endpoint program (Reason: updated security labels)'],
  ] as const;
  // Newest first, as the agent prints it.
  return steps
    .map(([state, message], index) => ({
      code: 'OK',
      message,
      state,
      timestamp: new Date(created + index * 40).toISOString(),
    }))
    .filter((entry) => entry.state !== 'ready' || endpoint.status?.state === 'ready')
    .reverse();
}
