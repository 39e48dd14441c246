import type { AzureLogin } from '../../model/azure/login.ts';
import { wrap } from '../../ui/text.ts';
import type { Glyphs, Span } from '../../ui/theme.ts';
import { left } from '../countdown.ts';
import { type Spans, span } from '../spans.ts';
import type { SignInState } from './sign-in-state.ts';

/** What stands behind `Sign in to Azure`. */
export function signInTitle(state: SignInState, login: AzureLogin | undefined, glyphs: Glyphs, now: number): Span {
  if (state.phase === 'ended') return { text: `${glyphs.error} sign-in failed`, tone: 'error' };
  const until = login?.code?.until;
  if (until === undefined) return { text: 'asking for a code', tone: 'progress' };
  return until <= now
    ? { text: 'the code has run out', tone: 'warning' }
    : { text: `waiting, ${left(until, now)} left`, tone: 'progress' };
}

/** What to type and where; or why it came to nothing. */
export function signInLines(state: SignInState, login: AzureLogin | undefined, columns: number): readonly Spans[] {
  const room = Math.max(16, columns - 2);
  const sentences = (text: string): Spans[] => wrap(text, room).map((line) => [span(` ${line}`)]);
  if (state.phase === 'ended') return [[], ...sentences(state.text)];
  const code = login?.state === 'code' ? login.code : undefined;
  const cloud = login?.cloud ?? '';
  if (code === undefined) {
    return [[], ...sentences(`Asking ${cloud === '' ? 'Azure' : `Azure (${cloud})`} for a code.`)];
  }
  return [
    ...sentences(`In a browser on any device${cloud === 'public' ? '' : ` (${cloud})`}:`),
    [],
    [span('   open   ', 'dim'), span(code.address, 'strong')],
    [],
    [span('   type   ', 'dim'), span(` ${[...code.userCode].join(' ')} `, 'strong', { inverse: true })],
    [],
    ...sentences('It goes on here by itself. Never type a code that somebody else sent you.'),
  ];
}
