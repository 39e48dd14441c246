// `hubble observe` in an agent: the flows of its own node, those that are dropped and some of those that get through.
import { setTimeout as sleep } from 'node:timers/promises';
import { chanceBetween } from '../chance.ts';
import { type Dropped, droppedNow } from '../dropped-now.ts';
import { attemptsPerSecond } from '../drops.ts';
import { listOf } from '../scene.ts';
import type { Endpoint } from '../shapes.ts';
import type { AgentCommand, Asked } from './command.ts';

/** Of the lookups that get through one tells that many. */
const lookupsEach = 5;

export const observeFlows: AgentCommand = {
  words: 'observe',
  async stream(asked, write, signal) {
    if (asked.config['enable-hubble'] !== 'true') {
      write(
        'failed to connect to "unix:///var/run/cilium/hubble.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/cilium/hubble.sock: connect: no such file or directory"\n',
      );
      return 1;
    }
    const verdict = asked.flags.get('verdict') ?? '';
    const isFollowing = asked.flags.has('follow') || asked.flags.has('f');
    for (let turn = 0; !signal.aborted; turn++) {
      const flows = [
        ...lookups(asked, turn),
        ...droppedNow(asked.scene, asked.pod).map((one) => dropped(asked, one, turn)),
      ];
      for (const flow of flows) if (verdict === '' || flow.verdict === verdict) write(`${written(asked, flow)}\n`);
      if (!isFollowing) return 0;
      await sleep(1000 / attemptsPerSecond, undefined, { signal }).catch(() => {});
    }
    return 0;
  },
};

type Flow = { verdict: string; time: string; node_name: string } & Record<string, unknown>;

/** `jsonpb` wraps each flow in the answer it came in. */
function written(asked: Asked, flow: Flow): string {
  const whole = asked.flags.get('output') ?? asked.flags.get('o');
  const { node_name, time } = flow;
  if (whole === 'jsonpb' || whole === 'json') return JSON.stringify({ flow, node_name, time });
  return `${time}: ${flow.verdict}`;
}

function dropped(
  asked: Asked,
  { endpoint, direction, identity, address, port, protocol, code, claimed }: Dropped,
  turn: number,
): Flow {
  const own = endOf(endpoint);
  const other = endOf(endpointOf(asked, identity), identity);
  const egress = direction === 'EGRESS';
  const ownAddress = claimed ?? addressOf(endpoint);
  const reasons: Record<number, string> = {
    133: 'POLICY_DENIED',
    181: 'POLICY_DENY',
    155: 'CT_MAP_INSERTION_FAILED',
    158: 'SERVICE_BACKEND_NOT_FOUND',
    167: 'SNAT_NO_MAP_FOUND',
    132: 'INVALID_SOURCE_IP',
    169: 'FIB_LOOKUP_FAILED',
    171: 'INVALID_IDENTITY',
    195: 'UNENCRYPTED_TRAFFIC',
  };
  return {
    ...common(asked, 'DROPPED'),
    drop_reason: code,
    drop_reason_desc: reasons[code] ?? 'DROP_REASON_UNKNOWN',
    IP: egress ? { source: ownAddress, destination: address } : { source: address, destination: ownAddress },
    l4: { [protocol]: ports(`${endpoint.metadata.uid} ${turn}`, port) },
    source: egress ? own : other,
    destination: egress ? other : own,
    traffic_direction: direction,
    Summary: protocol === 'TCP' ? 'TCP Flags: SYN' : protocol,
  };
}

function lookups(asked: Asked, turn: number): Flow[] {
  const server = listOf<Endpoint>(asked.scene, 'CiliumEndpoint', 'kube-system').find(({ status }) =>
    status?.identity?.labels?.includes('k8s:k8s-app=kube-dns'),
  );
  if (server === undefined) return [];
  const clients = asked.scene
    .endpointsOn(asked.pod)
    .filter(
      (endpoint, index) =>
        index % lookupsEach === turn % lookupsEach && endpoint.metadata.name !== server.metadata.name,
    );
  return clients.map((endpoint) => ({
    ...common(asked, 'FORWARDED'),
    IP: { source: addressOf(endpoint), destination: addressOf(server) },
    l4: { UDP: ports(`${endpoint.metadata.uid} ${turn}`, 53) },
    source: endOf(endpoint),
    destination: endOf(server),
    traffic_direction: 'EGRESS',
    Summary: 'UDP',
  }));
}

function common(asked: Asked, verdict: string): Flow {
  return {
    time: new Date(asked.scene.now()).toISOString(),
    node_name: asked.pod.spec?.nodeName ?? '',
    verdict,
    Type: 'L3_L4',
    is_reply: false,
  };
}

function endOf(endpoint: Endpoint | undefined, identity = endpoint?.status?.identity?.id): Record<string, unknown> {
  if (endpoint === undefined) return { identity, labels: identity === 2 ? ['reserved:world'] : [] };
  const { namespace, name } = endpoint.metadata;
  return {
    ID: endpoint.status?.id,
    identity,
    namespace,
    pod_name: name,
    labels: endpoint.status?.identity?.labels ?? [],
  };
}

function endpointOf(asked: Asked, identity: number): Endpoint | undefined {
  return listOf<Endpoint>(asked.scene, 'CiliumEndpoint').find(({ status }) => status?.identity?.id === identity);
}

function addressOf(endpoint: Endpoint): string {
  return endpoint.status?.networking?.addressing?.[0]?.ipv4 ?? '';
}

function ports(key: string, port: number): Record<string, number> {
  return { source_port: chanceBetween(key, 32_768, 60_999), destination_port: port };
}
