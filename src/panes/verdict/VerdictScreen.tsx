import { useEffect, useMemo, useRef } from 'react';
import type { VerdictReport } from '../../model/policies/policy-asks.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import type { Frame } from '../../ui/pane.ts';
import { useScreen } from '../../ui/screen.ts';
import { createStore, useStore } from '../../ui/store.ts';
import { cutMiddle } from '../../ui/text.ts';
import { useTheme } from '../../ui/theme.ts';
import { answerState } from '../answer-state.ts';
import { askOtherEnd } from '../ask-end.ts';
import { FOREIGN, isForeign } from '../foreign-network.ts';
import { LinesScreen } from '../LinesScreen.tsx';
import { portArgument, readQuestion, type TypedQuestion } from '../named-question.ts';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { policyVersion } from '../policy-version.ts';
import { type KeptAnswer, useAnswer } from '../use-answer.ts';
import { useNow } from '../use-now.ts';
import { type VerdictNow, verdictKeys } from './keys.ts';
import { answerKeys, verdictPage } from './verdict-page.ts';

/** May one end talk to the other, why, and what would let it? Computed anew whenever what it rests on changes. */
export function VerdictScreen({ store, policies, now, asks: _asks, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const screen = useScreen();
  const time = useNow(now);
  const typed = frame.args.join('\0');
  const read = useMemo(() => readQuestion(typed.split('\0')), [typed]);
  const question = typeof read === 'string' ? nothingAsked : read;
  const key = question.from === '' || question.to === '' ? '' : typed;
  const answer = useAnswer<VerdictReport>(
    store,
    key,
    (signal) => policies.verdict(question, signal),
    policyVersion,
    frame.keep<KeptAnswer<VerdictReport>>('answer', () => ({ current: undefined })),
  );
  const links = useSnapshot(store, (snapshot) => snapshot.links);
  const chosen = frame.keep(`chosen ${key}`, () => createStore(''));
  const report = answer.value;
  const choice = useStore(chosen);
  // Answers change their order with their verdicts: the one that is read stays.
  const picked = Math.max(0, answerKeys(report?.answers ?? []).indexOf(choice));
  const columns = frame.width - 1;
  const remark = useRemark(store, answer.problem);
  const lines = useMemo(() => {
    if (report === undefined) return [];
    const pick = (key: string) => chosen.update(() => key);
    return verdictPage(report, { columns, glyphs, now: report.at, picked, pick, remark });
  }, [report, columns, glyphs, picked, chosen, remark]);

  const latest = useRef<VerdictNow>(undefined);
  latest.current = {
    question,
    report,
    picked,
    lines,
    ask: () => askOtherEnd(screen, policies, key === '' ? question : nothingAsked, frame),
    again: answer.again,
  };
  const bindings = useMemo(() => verdictKeys(() => latest.current as VerdictNow), []);
  const asked = frame.keep('asked', () => ({ once: false }));
  useEffect(() => {
    if (key !== '' || asked.once) return;
    asked.once = true;
    latest.current?.ask();
  }, [key, asked]);
  const state =
    typeof read === 'string'
      ? unasked('not understood', read)
      : key === ''
        ? unasked(
            'an end is missing',
            'i asks for it: a pod, workload or service (shop/db), an address, entity:world, fqdn:example.com.',
          )
        : withHint(answerState(answer, links, time, glyphs));
  return (
    <LinesScreen
      frame={frame}
      name={`verdict ${key}`}
      title={titleOf(question, frame.width - state.text.length - 12, glyphs.arrow)}
      state={report?.answers.length === 0 ? { ...state, sentence: NO_PODS } : state}
      lines={lines}
      bindings={bindings}
    />
  );
}

/** What the answer must not be read without; '' = nothing. */
function useRemark(store: PaneProps['store'], problem: string): string {
  const foreign = useSnapshot(store, isForeign);
  if (problem !== '') return `Not computed anew: ${problem}`;
  return foreign ? FOREIGN : '';
}

const NO_PODS = 'There is no pod at either end for which anything could be decided.';
const nothingAsked: TypedQuestion = { from: '', to: '', port: 0, protocol: 'TCP' };

function titleOf({ from, to, port, protocol }: TypedQuestion, columns: number, arrow: string): string {
  const where = portArgument({ port, protocol });
  const room = Math.max(8, Math.floor((columns - where.length - 8) / 2));
  return `Why ${cutMiddle(from || '?', room)} ${arrow} ${cutMiddle(to || '?', room)} ${where}`.trimEnd();
}

/** An end that is not there is most often a slip of the fingers. */
function withHint(state: PaneState): PaneState {
  return state.phase === 'failed' ? { ...state, sentence: `${state.sentence} i asks about others.` } : state;
}

function unasked(text: string, sentence: string): PaneState {
  return { phase: 'none', glyph: 'unknown', text, tone: 'unknown', sentence, old: false };
}
