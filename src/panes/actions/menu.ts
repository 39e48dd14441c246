import { captureFlows } from '../../actions/capture-flows.ts';
import { cordon } from '../../actions/cordon.ts';
import { drain } from '../../actions/drain.ts';
import { endCapture } from '../../actions/end-capture.ts';
import { labelExclusion } from '../../actions/label-exclusion.ts';
import { offerOn } from '../../actions/offer.ts';
import { removeStuckTaint } from '../../actions/remove-stuck-taint.ts';
import { restartAgent } from '../../actions/restart-agent.ts';
import { restartOperator } from '../../actions/restart-operator.ts';
import { type Rung, resyncLadder } from '../../actions/resync-ladder.ts';
import { rolloutRestart } from '../../actions/rollout-restart.ts';
import { uncordon } from '../../actions/uncordon.ts';
import { isAgentPod } from '../../model/agents.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Offer } from '../../model/runbook-result.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { View } from '../../ui/pane.ts';
import { ciliumPart, plainKind } from '../action-kinds.ts';
import { sliceView } from '../views.ts';
import { oneOfSeveral } from './one-of-several.ts';

/** One thing that can be done to an object, behind a letter. */
export type MenuEntry = {
  key: string;
  title: string;
  /** What it is, or what it may cost, in a line. */
  note: string;
  /** Why not here, and what is possible instead; '' = it can be planned. */
  refusal: string;
  /** What comes before it; the capital letter chooses it all the same. */
  first: string;
  begins: Begins;
};

type Begins =
  | { type: 'plan'; offer: Offer }
  | { type: 'look'; view: View }
  /** Something is to be typed first. */
  | { type: 'ask'; offer: Offer; sign: string; initial: string; offerOf(text: string): Offer };

export type Menu = {
  about: ObjectRef | undefined;
  /** What is the matter with it, where that decides what to do. */
  lead: readonly string[];
  entries: readonly MenuEntry[];
  never: readonly string[];
};

/** What can be done to the object, and what people look for that is not done from here, with the way that is. */
export function menuOf(snapshot: Snapshot, ref: ObjectRef | undefined, now: number): Menu {
  const about = ref && standsFor(snapshot, ref);
  const lead = [...oneOfSeveral(snapshot, ref), ...leadOf(snapshot, about, now)];
  return { about, lead, entries: entriesOf(snapshot, about, now), never: neverOf(about) };
}

/** An agent's pod is its node's agent, an operator's pod the operator: what is done to them is done by those. */
function standsFor({ tables }: Snapshot, ref: ObjectRef): ObjectRef {
  const kind = plainKind(ref.kind);
  if (kind === 'CiliumNode') return { kind: 'Node', name: ref.name };
  if (kind !== 'Pod' || ref.namespace !== 'kube-system') return { ...ref, kind };
  const pod = tables.pods.named(ref.namespace, ref.name);
  if (pod !== undefined && isAgentPod(pod) && pod.node !== '') return { kind: 'Node', name: pod.node };
  if (pod?.labels['io.cilium/app'] === 'operator')
    return { kind: 'Deployment', namespace: 'kube-system', name: 'cilium-operator' };
  return { ...ref, kind };
}

const mostLed = 3;

function leadOf(snapshot: Snapshot, about: ObjectRef | undefined, now: number): readonly string[] {
  if (about?.kind !== 'CiliumEndpoint' && about?.kind !== 'CiliumEndpointSlice') return [];
  const { drifts } = resyncLadder(snapshot, about, now);
  if (drifts.length === 0) return ['Nothing differs: endpoints and entries agree.'];
  const told = drifts
    .slice(0, mostLed)
    .map(({ what, namespace, name, detail }) => `${namespace}/${name}, ${what}: ${detail}`);
  return drifts.length > mostLed ? [...told, `and ${drifts.length - mostLed} more that differ`] : told;
}

function entriesOf(snapshot: Snapshot, about: ObjectRef | undefined, now: number): readonly MenuEntry[] {
  if (about === undefined) return [...operatorEntries(snapshot), allAgents(snapshot), labels(snapshot)];
  const { kind, namespace = '', name } = about;
  switch (kind) {
    case 'Node':
      return nodeEntries(snapshot, name);
    case 'Pod':
      return [...ladderEntries(snapshot, about, now), flows(snapshot, namespace)];
    case 'CiliumEndpoint':
    case 'CiliumEndpointSlice':
      return ladderEntries(snapshot, about, now);
    case 'Namespace':
      return [flows(snapshot, name)];
    case 'ContainerNetworkLog':
      return [
        entry('e', offerOn(snapshot, endCapture, { name }, `end the capture ${name}`), 'Only a capture of ours.'),
      ];
    default:
      return ciliumEntries(snapshot, ciliumPart(about));
  }
}

function ciliumEntries(snapshot: Snapshot, part: ReturnType<typeof ciliumPart>): readonly MenuEntry[] {
  if (part === 'operator') return operatorEntries(snapshot);
  if (part === 'agents') return [allAgents(snapshot)];
  return part === 'config' ? [labels(snapshot), allAgents(snapshot)] : [];
}

function nodeEntries(snapshot: Snapshot, node: string): readonly MenuEntry[] {
  return [
    entry(
      'r',
      offerOn(snapshot, restartAgent, { node }, `restart the agent on ${node}`),
      'Connections go on; new pods there wait for the new agent.',
    ),
    entry(
      't',
      offerOn(snapshot, removeStuckTaint, { node }, `remove the agent-not-ready taint of ${node}`),
      'Only when its agent is ready; the operator should have done it.',
    ),
    snapshot.tables.nodes.named('', node)?.unschedulable === true
      ? entry('c', offerOn(snapshot, uncordon, { node }, `uncordon ${node}`), 'New pods come onto it again.')
      : entry(
          'c',
          offerOn(snapshot, cordon, { node }, `cordon ${node}`),
          'Nothing new comes onto it; what is there stays.',
        ),
    entry(
      'd',
      offerOn(snapshot, drain, { node }, `drain ${node}`),
      'Evicts its pods within their disruption budgets; :undo uncordons, the pods do not come back.',
    ),
  ];
}

function operatorEntries(snapshot: Snapshot): readonly MenuEntry[] {
  return [
    entry(
      'o',
      offerOn(snapshot, restartOperator, { which: 'leader' }, "restart the operator's leader"),
      'The next leader reads all endpoints and slices anew.',
    ),
    entry(
      'a',
      offerOn(snapshot, restartOperator, { which: 'all' }, 'restart all operator pods, one after the other'),
      'Each only when the one before is back, the leader last.',
    ),
  ];
}

function allAgents(snapshot: Snapshot): MenuEntry {
  return entry(
    'r',
    offerOn(snapshot, rolloutRestart, {}, 'restart all agents, as their DaemonSet paces it'),
    'As many at once as the DaemonSet allows.',
  );
}

function labels(snapshot: Snapshot): MenuEntry {
  const made = (keys: readonly string[]) =>
    offerOn(snapshot, labelExclusion, { keys }, 'leave labels out of identities');
  return {
    ...entry('l', made([]), 'Pods that differ in nothing else share one identity; agents must restart.'),
    begins: {
      type: 'ask',
      offer: made([]),
      sign: 'label keys: ',
      initial: '',
      offerOf: (text) => made(text.split(/[\s,]+/).filter((key) => key !== '')),
    },
  };
}

function flows(snapshot: Snapshot, namespace: string): MenuEntry {
  const made = (minutes: number) =>
    offerOn(snapshot, captureFlows, { namespace, minutes }, `capture the flows of ${namespace} for a while`);
  return {
    ...entry('f', made(10), 'Logged to the workspace until the time is up; rows are paid for.'),
    begins: {
      type: 'ask',
      offer: made(10),
      sign: 'for how many minutes: ',
      initial: '10',
      offerOf: (text) => made(Number(text.replace(/m(in)?$/, ''))),
    },
  };
}

const rungKeys: Readonly<Record<Rung['id'], string>> = {
  observe: 'b',
  'recreate-pod': 'r',
  'restart-leader': 'o',
  'delete-slice': 'd',
  'restart-agent': 'a',
};

/** A pod that differs in nothing may be recreated all the same: that is no resync. */
function ladderEntries(snapshot: Snapshot, about: ObjectRef, now: number): readonly MenuEntry[] {
  const { drifts, rungs } = resyncLadder(snapshot, about, now);
  const isPod = about.kind !== 'CiliumEndpointSlice';
  return rungs.flatMap((rung, index): MenuEntry[] => {
    const key = rungKeys[rung.id];
    if (rung.id === 'observe') {
      const [slice] = about.kind === 'CiliumEndpointSlice' ? [about.name] : (drifts[0]?.slices ?? []);
      if (slice === undefined) return [];
      return [
        {
          key,
          title: `${index + 1}. ${rung.title}`,
          note: `Risk: ${rung.risk}`,
          refusal: '',
          first: '',
          begins: { type: 'look', view: sliceView(slice) },
        },
      ];
    }
    if (drifts.length === 0 && isPod && rung.id !== 'recreate-pod') return [];
    const note = `${rung.why === '' ? '' : `Why: ${rung.why}. `}Risk: ${rung.risk}`;
    const title = drifts.length === 0 ? rung.title : `${index + 1}. ${rung.title}`;
    if (rung.offer === undefined)
      return [
        {
          key,
          title,
          note,
          refusal: rung.lacks,
          first: '',
          begins: { type: 'look', view: { pane: 'endpoints' } },
        },
      ];
    const first = drifts.length === 0 && isPod ? '' : rung.first;
    return [{ ...entry(key, rung.offer, note), title, first }];
  });
}

function entry(key: string, offer: Offer, note: string): MenuEntry {
  return { key, title: offer.title, note, refusal: offer.refusal, first: '', begins: { type: 'plan', offer } };
}

/** What one might look for, and why it is not here. */
function neverOf(about: ObjectRef | undefined): readonly string[] {
  switch (about?.kind) {
    case 'CiliumEndpointSlice':
      return ['Editing a slice: the operator writes over it with the next change.'];
    case 'CiliumEndpoint':
      return ['Editing or deleting an endpoint: its agent keeps it, and writes it anew.'];
    case 'ConfigMap':
      return [
        'Any other key of cilium-config: AKS puts it back; node pool and cluster settings are changed in Azure (pane 1, x).',
      ];
    case 'DaemonSet':
    case 'Deployment':
      return ['Editing its template (image, arguments, resources): AKS puts it back.'];
    default:
      return [];
  }
}
