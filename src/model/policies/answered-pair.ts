import type { PodFacts } from './facts.ts';
import type { PairPort } from './pair-ports.ts';
import type { Side } from './sides.ts';
import type { Answer, Question } from './verdict.ts';

/** Two ends, what was asked about them and what was answered; `pods` are those that the answer holds for. */
export type AnsweredPair = {
  from: Side;
  to: Side;
  port: PairPort;
  question: Question;
  answer: Answer;
  pods: { from: Set<PodFacts>; to: Set<PodFacts> };
};
