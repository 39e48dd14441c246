import type { PolicyRef } from '../../model/policies/rule.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { LinesScreen, type ScreenLine } from '../LinesScreen.tsx';
import { typedTarget } from '../named-pod.ts';
import { objectKeys } from '../object-keys.ts';
import type { PaneProps } from '../pane-props.ts';
import { paneState } from '../pane-state.ts';
import { policyVersion } from '../policy-version.ts';
import { useAnswer } from '../use-answer.ts';
import { anyChange, useDerived } from '../use-derived.ts';
import { verdictKey } from '../verdict-key.ts';
import { type Isolating, treePage } from './tree-page.ts';

/** Everything the network of one pod rests on: node, agent, endpoint, identity, slices, services, policies; each line leads on. */
export function TreeScreen({ store, policies, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const target = typedTarget(frame.args);
  const pod = target?.kind === 'Pod' ? target : undefined;
  const name = pod === undefined ? '' : `${pod.namespace}/${pod.name}`;
  const answer = useAnswer<Isolating>(store, name, (signal) => isolating(policies, name, signal), policyVersion);
  const { state, lines } = useDerived(
    store,
    anyChange,
    (snapshot) => ({
      state: paneState(snapshot.links, ['pods', 'ciliumEndpoints', 'ciliumEndpointSlices'], 1, now()),
      lines:
        pod === undefined
          ? []
          : treePage(snapshot, pod, { value: answer.value, problem: answer.problem }, frame.width - 1, glyphs, now()),
    }),
    {
      everyMs: 1_000,
      dependencies: `${name} ${frame.width} ${answer.phase} ${answer.problem} ${answer.value?.at ?? 0}`,
    },
  );
  return (
    <LinesScreen
      frame={frame}
      name={`tree ${name}`}
      title={name === '' ? 'What a pod rests on' : `Pod ${name} rests on`}
      state={state}
      lines={lines}
      bindings={keys}
      none={name === '' ? 'Name a pod: :tree pod NAMESPACE/NAME.' : `There is no pod ${name} here.`}
    />
  );
}

/** Who isolates a pod is told beside any verdict about it: asked is about the world, which every policy is about. */
async function isolating(policies: PaneProps['policies'], name: string, signal: AbortSignal): Promise<Isolating> {
  const port = { port: 443, protocol: 'TCP' } as const;
  const out = await policies.verdict({ from: name, to: 'entity:world', ...port }, signal);
  const into = await policies.verdict({ from: 'entity:world', to: name, ...port }, signal);
  const of = (refs: readonly (readonly PolicyRef[])[]) => [
    ...new Map(refs.flat().map((ref) => [`${ref.kind} ${ref.namespace} ${ref.name}`, ref])).values(),
  ];
  return {
    ingress: of(into.answers.map(({ ingress }) => ingress.isolating)),
    egress: of(out.answers.map(({ egress }) => egress.isolating)),
    at: out.at,
  };
}

const keys = [
  verdictKey<ScreenLine>((line) => line.ref),
  ...objectKeys<ScreenLine>((line) => line.ref, {
    pod: ({ ref }) => (ref?.kind === 'Pod' ? { namespace: ref.namespace ?? '', name: ref.name } : undefined),
  }),
];
