import type { VerdictReport } from '../../model/policies/policy-asks.ts';
import type { Direction, PolicyKind, PolicyRef } from '../../model/policies/rule.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { LineKeys } from '../LinesScreen.tsx';
import type { TypedQuestion } from '../named-question.ts';
import { objectKeys } from '../object-keys.ts';
import { editKey } from '../policy-keys.ts';
import { spansText } from '../spans.ts';
import { proposalView, reachView } from '../views.ts';
import type { VerdictLine } from './verdict-page.ts';

/** What the keys of the page see, read when a key arrives. */
export type VerdictNow = Readonly<{
  question: TypedQuestion;
  report: VerdictReport | undefined;
  picked: number;
  lines: readonly VerdictLine[];
  ask(): void;
  again(): void;
}>;

export function verdictKeys(now: () => VerdictNow): readonly Binding<LineKeys>[] {
  const objects = objectKeys<VerdictLine>((line) => line.ref).filter(({ keys: [key] }) => key === 'y' || key === 'd');
  return [
    { keys: ['i'], title: 'ask about others', rank: 4, run: () => now().ask() },
    tryIt(now),
    reach('r', 'who may reach it', 'ingress', now),
    reach('R', 'whom it may reach', 'egress', now),
    { keys: ['ctrl-r'], title: 'compute again', run: () => now().again() },
    {
      keys: ['c'],
      title: 'copy',
      unless: () => (now().lines.length === 0 ? 'there is no answer to copy' : undefined),
      run: ({ row, frame }) => {
        const mend = (row as VerdictLine | undefined)?.mend;
        frame.copy(mend?.yaml ?? asText(now().lines));
      },
    },
    editKey<VerdictLine>(policyOf),
    ...objects,
  ];
}

/** Of objects the page names policies alone. */
function policyOf({ ref }: VerdictLine): PolicyRef | undefined {
  return ref && { kind: ref.kind as PolicyKind, namespace: ref.namespace ?? '', name: ref.name };
}

/** The change under the cursor, else the first one. */
function tryIt(now: () => VerdictNow): Binding<LineKeys> {
  const answer = () => now().report?.answers[now().picked];
  return {
    keys: ['m'],
    title: 'what if: the smallest change',
    rank: 2,
    unless() {
      const told = answer();
      if (told === undefined) return 'there is no answer yet';
      if (told.verdict === 'allow') return 'it is allowed already';
      if (told.verdict === 'unknown') return 'what is not known cannot be mended';
      return told.mend.length === 0 ? 'there is no change that can be offered' : undefined;
    },
    run({ row, frame }) {
      const mend = (row as VerdictLine | undefined)?.mend ?? answer()?.mend[0];
      if (mend !== undefined) frame.go(proposalView(mend.what, mend.yaml));
    },
  };
}

function reach(key: string, title: string, direction: Direction, now: () => VerdictNow): Binding<LineKeys> {
  const end = () => (direction === 'ingress' ? now().question.to : now().question.from);
  return {
    keys: [key],
    title,
    ...(direction === 'ingress' && { rank: 5 }),
    unless: () => (end() === '' ? 'that end is not named yet: i asks for it' : undefined),
    run: ({ frame }) => frame.go(reachView(end(), direction)),
  };
}

/** The page as one reads it, to be pasted where others look for the same. */
function asText(lines: readonly VerdictLine[]): string {
  return lines.map(({ spans }) => spansText(spans).trimEnd()).join('\n');
}
