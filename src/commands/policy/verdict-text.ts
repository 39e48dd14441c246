import type { DirectionVerdict } from '../../model/policies/direction-verdict.ts';
import { ruleText } from '../../model/policies/direction-verdict.ts';
import { policyText } from '../../model/policies/rule.ts';
import { ruleReport } from '../../model/policies/side-report.ts';
import type { Answer, Engine, Question } from '../../model/policies/verdict.ts';
import { answerJson, lintJson } from './verdict-json.ts';

/** One answer for people: the verdict, then each direction with its reason, then what else there is to know. */
export function verdictText(from: string, to: string, question: Question, answer: Answer, engine: Engine): string {
  const { port, protocol } = question;
  const what = protocol === 'ICMP' ? `ICMP type ${port}` : `${port}/${protocol}`;
  const proxy = answer.l7 ? `, then ${answer.l7.type} rules filter it` : '';
  const lines = [
    `${answer.verdict}: ${from} → ${to} ${what}${proxy}`,
    `  egress   ${directionText(answer.egress)}`,
    ...rulesText(answer.egress, engine),
    `  ingress  ${directionText(answer.ingress)}`,
    ...rulesText(answer.ingress, engine),
    ...answerJson(engine, question).notes.map((note) => `  note     ${note}`),
    ...lintJson(engine).map(({ severity, message }) => `  ${severity.padEnd(8)} ${message}`),
  ];
  return `${lines.join('\n')}\n`;
}

function directionText({ verdict, reason, rules, isolating }: DirectionVerdict): string {
  const by = reason === 'default-deny' ? isolating.map(policyText) : rules.map(ruleText);
  return `${verdict.padEnd(8)}${reason}${by.length === 0 ? '' : ` by ${by.join(', ')}`}`;
}

/** What the rules say, in a sentence each. */
function rulesText({ rules }: DirectionVerdict, { index }: Engine): readonly string[] {
  return rules.map((rule) => `           ${ruleReport(index, rule).text}`);
}
