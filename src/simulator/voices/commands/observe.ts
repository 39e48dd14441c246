import { setTimeout as sleep } from 'node:timers/promises';
import { chanceBetween, hex } from '../chance.ts';
import { type Dropped, droppedNow } from '../dropped-now.ts';
import { attemptsPerSecond } from '../drops.ts';
import { isCutOff } from '../lies.ts';
import { agentSamples } from '../samples.ts';
import { type AgentCommand, type Asked, document, listing, refusal } from './command.ts';
import { clusterNodes } from './status.ts';

export const observeCommands: readonly AgentCommand[] = [
  {
    words: 'metrics list',
    answer(asked) {
      const pattern = asked.flags.get('p') ?? asked.flags.get('match-pattern') ?? '';
      let wanted: RegExp;
      try {
        wanted = new RegExp(pattern);
      } catch {
        return refusal(`Error: could not parse regexp: ${pattern}`);
      }
      const samples = agentSamples(asked.scene, asked.pod).filter((sample) => wanted.test(sample.name));
      const value = samples.map(({ name, labels, value: number }) => ({ name, labels, value: number }));
      const rows = samples.map((sample) => [
        sample.name,
        Object.entries(sample.labels)
          .map(([key, text]) => `${key}="${text}"`)
          .join(' '),
        sample.value.toFixed(6),
      ]);
      return listing(asked, value, ['Metric', 'Labels', 'Value'], rows);
    },
  },
  { words: 'monitor', stream: monitor },
  {
    words: 'encrypt status',
    answer(asked) {
      if (asked.config['enable-wireguard'] !== 'true')
        return asked.json ? document({ mode: 'Disabled' }) : { stdout: 'Encryption: Disabled\n' };
      const self = asked.pod.spec?.nodeName ?? '';
      const others = clusterNodes(asked).filter(({ name }) => name !== self);
      const keyOf = (name: string) => `${hex(`${name} wireguard`, 42)}=`;
      const key = keyOf(self);
      const peers = others.length;
      const cutOff = (name: string) => isCutOff(asked.scene, self, name);
      const ago = (name: string) =>
        cutOff(name)
          ? asked.scene.now() - asked.scene.causes.since('encryptionDown') + 90_000
          : chanceBetween(`${self} ${name} handshake`, 2_000, 118_000);
      const value = {
        mode: 'Wireguard',
        wireguard: {
          interfaces: [
            {
              'listen-port': 51871,
              name: 'cilium_wg0',
              'peer-count': peers,
              'public-key': key,
              peers: others.map(({ name, ip, range }) => ({
                'public-key': keyOf(name),
                endpoint: `${ip}:51871`,
                'last-handshake-time': new Date(asked.scene.now() - ago(name)).toISOString(),
                'allowed-ips': [`${ip}/32`, ...(range === '' ? [] : [range])],
                'transfer-rx': chanceBetween(`${self} ${name} rx`, 1e6, 9e8),
                'transfer-tx': chanceBetween(`${self} ${name} tx`, 1e6, 9e8),
              })),
            },
          ],
        },
      };
      return asked.json
        ? document(value)
        : {
            stdout: `Encryption: Wireguard\nInterface: cilium_wg0\n\tPublic key: ${key}\n\tNumber of peers: ${peers}\n`,
          };
    },
  },
  {
    words: 'fqdn cache list',
    // Names are learnt only through the agent's DNS proxy, which works where a policy has DNS rules.
    answer: (asked) => listing(asked, [], ['Endpoint', 'Source', 'FQDN', 'TTL', 'ExpirationTime', 'IPs'], []),
  },
  {
    words: 'fqdn names',
    answer: (asked) => (asked.json ? document({ DNSPollNames: null, FQDNPolicySelectors: [] }) : { stdout: '' }),
  },
  {
    words: 'version',
    answer: (asked) => ({
      stdout: `Client: ${asked.version} ${hex(`commit ${asked.version}`, 8)} go version go1.24.6 linux/amd64\nDaemon: ${asked.version} ${hex(`commit ${asked.version}`, 8)} go version go1.24.6 linux/amd64\n`,
    }),
  },
];

/** Writes what happens in the datapath until it is stopped: here, drops by policy, at the rate the counters grow. */
async function monitor(asked: Asked, write: (text: string) => void, signal: AbortSignal): Promise<number> {
  const types = (asked.flags.get('type') ?? asked.flags.get('t') ?? 'drop').split(',');
  const related = asked.flags.get('related-to') ?? asked.flags.get('from') ?? '';
  write('Listening for events on 8 CPUs with 64x4096 of shared memory\nPress Ctrl-C to quit\n');
  for (let turn = 0; !signal.aborted; turn++) {
    const flows = types.includes('drop') ? droppedNow(asked.scene, asked.pod) : [];
    const shown = flows.filter((flow) => related === '' || String(flow.endpoint.status?.id) === related);
    for (const flow of shown) write(`${dropLine(asked, flow, turn)}\n`);
    await sleep(1000 / attemptsPerSecond, undefined, { signal }).catch(() => {});
  }
  return 0;
}

function dropLine(asked: Asked, flow: Dropped, turn: number): string {
  const { endpoint, direction, code, reason } = flow;
  const egress = direction === 'EGRESS';
  const own = flow.claimed ?? endpoint.status?.networking?.addressing?.[0]?.ipv4 ?? '';
  const other = flow.address;
  const [from, to] = egress ? [own, other] : [other, own];
  const ownIdentity = endpoint.status?.identity?.id ?? 0;
  const [fromIdentity, toIdentity] = egress ? [ownIdentity, flow.identity] : [flow.identity, ownIdentity];
  const ownId = endpoint.status?.id ?? 0;
  const port = chanceBetween(`${endpoint.metadata.uid} ${turn}`, 32768, 60999);
  if (!asked.json) {
    return `xx drop (${reason}) flow 0x${hex(`${from} ${turn}`, 8)} to endpoint ${egress ? 0 : ownId}, ifindex 12, file bpf_lxc.c:1409, , identity ${fromIdentity}->${toIdentity}: ${from}:${port} -> ${to}:${flow.port} tcp SYN`;
  }
  return JSON.stringify({
    cpu: `CPU ${String(turn % 8).padStart(2, '0')}:`,
    type: 'drop',
    mark: `0x${hex(`${from} ${turn}`, 8)}`,
    ifindex: 'eth0',
    reason,
    'reason-code': code,
    source: egress ? ownId : 0,
    bytes: 74,
    srcLabel: fromIdentity,
    dstLabel: toIdentity,
    dstID: egress ? 0 : ownId,
    Line: 1409,
    File: 'bpf_lxc.c',
    ExtError: 0,
    summary: {
      l3: { src: from, dst: to },
      l4: { src: String(port), dst: String(flow.port) },
      ...(flow.protocol === 'UDP' ? { udp: '' } : { tcp: 'SYN' }),
    },
  });
}
