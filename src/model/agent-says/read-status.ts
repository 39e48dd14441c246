import { at, count, list, record, text } from '../objects/raw.ts';
import type { AgentStatus } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** Parts that say a state of themselves, as `status` names them. */
const parts = ['cilium', 'kubernetes', 'kvstore', 'cni-file', 'hubble', 'container-runtime'] as const;
const never = '0001-01-01T00:00:00.000Z';

/** `cilium-dbg status -o json`. */
export function readStatus(output: string): AgentStatus | undefined {
  const said = saidJson(output);
  const status = record(said);
  // Something else that is an object, an error say, has no troubles of these parts either.
  if (!['cilium', 'kubernetes', 'cluster', 'controllers'].some((name) => name in status)) return undefined;
  const troubles: AgentStatus['troubles'][number][] = parts
    .map((part) => ({ part, state: text(at(status, part, 'state')), text: text(at(status, part, 'msg'), 500) }))
    .filter(({ state }) => state !== '' && !/^(ok|disabled)$/i.test(state));
  const health = text(at(status, 'cluster', 'ciliumHealth', 'state'));
  if (health !== '' && !/^(ok|disabled)$/i.test(health)) {
    troubles.push({ part: 'health', state: health, text: text(at(status, 'cluster', 'ciliumHealth', 'msg'), 500) });
  }
  return {
    node: text(at(status, 'cluster', 'self')),
    version: text(at(status, 'cilium', 'msg')),
    troubles,
    controllers: list(status['controllers'], 20_000)
      .map(record)
      .map(({ name, status: inner }) => ({
        name: text(name),
        failures: count(record(inner)['consecutive-failure-count']),
        lastError: text(record(inner)['last-failure-msg'], 500),
        lastFailure:
          record(inner)['last-failure-timestamp'] === never ? '' : text(record(inner)['last-failure-timestamp']),
      }))
      .filter(({ failures }) => failures > 0),
    kubeProxyReplacement: text(at(status, 'kube-proxy-replacement', 'mode')),
    ipam: text(at(status, 'ipam', 'status')),
    encryption: text(at(status, 'encryption', 'mode')),
    routing: text(at(status, 'routing', 'inter-host-routing-mode')),
    hubble: {
      state: text(at(status, 'hubble', 'state')),
      flows: count(at(status, 'hubble', 'observer', 'current-flows')),
      most: count(at(status, 'hubble', 'observer', 'max-flows')),
    },
    redirects: count(at(status, 'proxy', 'total-redirects')),
    lostEvents: count(at(status, 'nodeMonitor', 'lost')),
    stale: Object.keys(record(status['stale'])).map((probe) => text(probe)),
    maps: list(at(status, 'bpf-maps', 'maps'))
      .map(record)
      .map(({ name, size }) => ({ name: text(name), size: count(size) })),
  };
}
