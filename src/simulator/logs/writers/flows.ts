// ContainerNetworkLogs: what each agent has seen in thirty seconds, one row for each kind of flow between two pods.
import { isDeepStrictEqual } from 'node:util';
import { guidOf } from '../../azure/guid.ts';
import { chance, chanceBetween } from '../../voices/chance.ts';
import { ciliumConfig } from '../../voices/scene.ts';
import { type Conversation, conversations } from '../conversations.ts';
import { flowFilter } from '../flow-filters.ts';
import { leftEndpoints, type Observed, seenEndpoints, toldUntil } from '../observed.ts';
import { policyTimes } from '../policy-times.ts';
import type { Writer, Written } from '../row.ts';

const windowMs = 30_000;

export function writeFlows(observed: Observed): Writer {
  const same = createKeeper();
  return function* (from, to, budget) {
    const { flowLogs, monitoring } = observed.settings.now();
    // Without ACNS there is no Hubble on the nodes, whatever Azure is set to.
    if (flowLogs === 'none' || !monitoring || ciliumConfig(observed.scene)['enable-hubble'] !== 'true') return;
    const table = flowLogs === 'older-name' ? 'RetinaNetworkFlowLogs' : 'ContainerNetworkLogs';
    const seen = seenEndpoints(observed);
    const left = leftEndpoints(observed, from - windowMs);
    // What the older table has was said elsewhere.
    const isLogged = flowLogs === 'older-name' ? () => true : flowFilter(observed);
    let rest = budget;
    for (const time of policyTimes(observed, from - windowMs, to)) {
      const all = same(conversations(time.view(), seen, left, observed.scene.causes));
      const since = Math.max(time.from, to - (rest / Math.max(1, all.length)) * windowMs);
      const nodes = Map.groupBy(all, ({ node }) => node);
      for (const [node, own] of nodes) {
        // Agents do not count their half minutes from the same moment.
        const offset = chanceBetween(`${node} window`, 0, windowMs - 1);
        const first = Math.floor((Math.max(from, since) - offset) / windowMs + 1) * windowMs + offset;
        const last = Math.min(to, toldUntil(observed, node));
        for (let end = first; end <= last && end - windowMs < time.to; end += windowMs) {
          for (const one of own) {
            const count = countOf(
              one,
              Math.max(end - windowMs, time.from, one.since),
              Math.min(end, time.to, one.until),
            );
            if (count === 0 || !isLogged(one, end)) continue;
            rest--;
            yield rowOf(table, one, end, count, time.from);
          }
        }
      }
      if (rest <= 0) return;
    }
  };
}

/** Rows hold on to their conversation for hours: what goes on is one object, however often somebody reads. */
function createKeeper(): (all: readonly Conversation[]) => Conversation[] {
  let known = new Map<string, Conversation>();
  return (all) => {
    const kept = all.map((one) => {
      const before = known.get(one.key);
      return before !== undefined && isDeepStrictEqual(before, one) ? before : one;
    });
    known = new Map(kept.map((one) => [one.key, one]));
    return kept;
  };
}

/** A drop is tried again and again; a forwarded conversation rests now and then. */
function countOf({ key, perSecond, verdict }: Conversation, from: number, to: number): number {
  if (to <= from) return 0;
  if (verdict === 'FORWARDED' && chance(`${key} ${to} rests`) < 0.4) return 0;
  return Math.round(((to - from) / 1000) * perSecond);
}

function rowOf(table: Written['table'], one: Conversation, at: number, count: number, epoch: number): Written {
  // A pod of a StatefulSet comes back under its name.
  const key = `${one.key} ${one.since} ${at} ${epoch}`;
  const egress = one.direction === 'EGRESS';
  return {
    table,
    at,
    key,
    batch: `${one.node} ${at}`,
    by: 'agent',
    values: () => ({
      ...one.ends,
      SourceClusterName: 'default',
      DestinationClusterName: 'default',
      NodeName: one.node,
      FlowType: one.layer7 === undefined ? 'L3_L4' : 'L7',
      Verdict: one.verdict,
      DropReason: one.dropReason,
      TrafficDirection: one.direction,
      TraceObservationPoint: one.verdict === 'DROPPED' ? '' : egress ? 'TO_STACK' : 'TO_ENDPOINT',
      UUID: guidOf(key),
      IngressFlowCount: egress ? 0 : count,
      EgressFlowCount: egress ? count : 0,
      UnknownDirectionFlowCount: 0,
      Reply: one.layer7 !== undefined,
      IP: { ipVersion: 'IPv4' },
      Layer4: { [one.protocol]: { destination_port: one.port } },
      Layer7: one.layer7 ?? null,
      Policies: one.policies,
      Service: null,
      EventType: { type: one.layer7 !== undefined ? 129 : one.verdict === 'DROPPED' ? 1 : 4 },
      AdditionalFlowData: null,
    }),
  };
}
