import { at, count, list, record, text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import type { AgentService } from './agent-says.ts';
import { saidList } from './said-json.ts';

/** `cilium-dbg service list -o json`: what is realised, where the agent says it beside what it wants. */
export function readServices(output: string): readonly AgentService[] | undefined {
  return saidList(output, 100_000, readService);
}

function readService(service: RawObject): AgentService | undefined {
  const realized = record(at(service, 'status', 'realized'));
  const spec = 'frontend-address' in realized ? realized : record(service['spec']);
  const frontend = record(spec['frontend-address']);
  const flags = record(spec['flags']);
  if (text(frontend['ip']) === '') return undefined;
  return {
    id: count(spec['id']),
    namespace: text(flags['namespace']),
    name: text(flags['name']),
    frontend: {
      ip: text(frontend['ip']),
      port: count(frontend['port']),
      protocol: text(frontend['protocol']) || 'ANY',
    },
    type: text(flags['type']),
    // Before 1.13 the two were one.
    local: ['intTrafficPolicy', 'extTrafficPolicy', 'trafficPolicy'].some((name) => flags[name] === 'Local'),
    backends: list(spec['backend-addresses'], 20_000)
      .map(record)
      .map((one) => ({
        ip: text(one['ip']),
        port: count(one['port']),
        node: text(one['nodeName']),
        state: text(one['state']) || 'active',
      })),
  };
}
