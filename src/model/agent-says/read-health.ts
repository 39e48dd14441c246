import { at, count, list, record, text } from '../objects/raw.ts';
import type { HealthPeer, Probe } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-health status -o json`: from whom, and how it reaches each node. */
export function readHealth(output: string): { node: string; peers: readonly HealthPeer[] } | undefined {
  const said = saidJson(output);
  const status = record(said);
  // Without them nothing was probed, or this is another answer: no peer is well because none is named.
  if (!Array.isArray(status['nodes'])) return undefined;
  return {
    node: text(at(status, 'local', 'name')),
    peers: list(status['nodes'], 20_000)
      .map(record)
      .map((node) => ({
        node: text(node['name']),
        address: text(at(node, 'host', 'primary-address', 'ip')),
        host: probe(at(node, 'host', 'primary-address')),
        // Before 1.10 the endpoint's probe stood by itself.
        endpoint: probe(
          at(node, 'health-endpoint', 'primary-address') ?? at(node, 'endpoint', 'primary-address') ?? node['endpoint'],
        ),
      })),
  };
}

/** An empty status is a good one; a probe that was not made is absent. Latencies are nanoseconds. */
function probe(value: unknown): Probe | undefined {
  const path = record(value);
  if (!('icmp' in path) && !('http' in path)) return undefined;
  const one = (name: string) => {
    const said = record(path[name]);
    return name in path && path[name] !== null ? text(said['status'], 300) || 'OK' : '';
  };
  const latencies = ['icmp', 'http'].map((name) => count(at(path, name, 'latency'))).filter((latency) => latency > 0);
  return { icmp: one('icmp'), http: one('http'), latencyMs: latencies.length === 0 ? 0 : Math.min(...latencies) / 1e6 };
}
