import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { KqlAnalysis, KqlAsks, KqlCompletions } from '../../model/azure/azure-asks.ts';
import type { EditedText } from '../../ui/text-editor.ts';

/** After the last key, ms: whoever types fast is not answered letter by letter. */
const pauseMs = 120;

export type KqlView = Readonly<{
  /** As far as it is known of the text as it stands now. */
  analysis: KqlAnalysis;
  /** Why there is none; '' while there is. */
  problem: string;
  /** Nothing was ever answered yet: its first answer takes a second or two. */
  starting: boolean;
}>;

/** What the text means: of a text that has just changed, what is still true of the one before. */
export function useAnalysis(kql: KqlAsks, text: string, active: boolean): KqlView {
  const [known, setKnown] = useState<{ text: string; analysis: KqlAnalysis }>({ text: '', analysis: nothing });
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (!active || text.trim() === '') return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      kql.analyse(text, stop.signal).then(
        (analysis) => {
          if (stop.signal.aborted) return;
          setKnown({ text, analysis });
          setProblem('');
        },
        (error: unknown) => !stop.signal.aborted && setProblem(messageOf(error)),
      );
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [kql, text, active]);
  return {
    analysis: text === '' ? nothing : carriedOver(known.analysis, known.text, text),
    problem,
    starting: known.text === '' && problem === '' && text.trim() !== '',
  };
}

/**
 * What could stand at the cursor, while a word is being typed or after tab asked. `wanted` grows with each tab.
 * Undefined: nothing to offer.
 */
export function useCompletions(
  kql: KqlAsks,
  { text, cursor }: EditedText,
  wanted: number,
  active: boolean,
): KqlCompletions | undefined {
  const [known, setKnown] = useState<{ text: string; cursor: number; completions: KqlCompletions }>();
  const asked = useRef(wanted);
  useEffect(() => {
    const byTab = wanted !== asked.current;
    asked.current = wanted;
    if (!active || !(byTab || isTyping(text, cursor))) {
      setKnown(undefined);
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(
      () => {
        kql.complete(text, cursor, stop.signal).then(
          (completions) => !stop.signal.aborted && setKnown({ text, cursor, completions }),
          // Why is said where the problems stand; typing goes on.
          () => !stop.signal.aborted && setKnown(undefined),
        );
      },
      byTab ? 0 : pauseMs,
    );
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [kql, text, cursor, wanted, active]);
  if (known === undefined || known.text !== text || known.cursor !== cursor) return undefined;
  return known.completions.items.length === 0 ? undefined : known.completions;
}

const nothing: KqlAnalysis = { tokens: [], problems: [] };

/** Right behind a letter of a word that is not a number. */
function isTyping(text: string, cursor: number): boolean {
  return /[A-Za-z_][\w-]*$/.test(text.slice(Math.max(0, cursor - 60), cursor)) && !/^\w/.test(text.slice(cursor));
}

/** Words before the change stay, those behind it move with it; what was changed is not yet known. */
export function carriedOver(analysis: KqlAnalysis, before: string, after: string): KqlAnalysis {
  if (before === after) return analysis;
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - same;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const moved = after.length - before.length;
  const carry = <T extends { start: number; length: number }>(parts: readonly T[]): T[] =>
    parts.flatMap((part) => {
      if (part.start + part.length <= same) return [part];
      return part.start >= before.length - end ? [{ ...part, start: part.start + moved }] : [];
    });
  return { tokens: carry(analysis.tokens), problems: carry(analysis.problems) };
}
