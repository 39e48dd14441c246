import type { AzureLogin } from '../../model/azure/login.ts';
import { left } from '../countdown.ts';
import type { PaneState } from '../pane-state.ts';

/** How we stand with Azure, as it stands in a title. */
export function loginState(login: AzureLogin | undefined, now: number): PaneState {
  const calm = { phase: 'live', old: false, sentence: '' } as const;
  if (login === undefined) return { ...calm, glyph: 'progress', text: 'connecting', tone: 'progress' };
  switch (login.state) {
    case 'off':
      return { ...calm, glyph: 'unknown', text: 'off: --no-azure', tone: 'unknown' };
    case 'none':
      return { ...calm, glyph: 'unknown', text: 'not signed in', tone: 'unknown' };
    case 'asking':
      return { ...calm, glyph: 'progress', text: 'asking', tone: 'progress' };
    case 'code':
      return {
        ...calm,
        glyph: 'progress',
        text: `code good for ${left(login.code?.until ?? now, now)}`,
        tone: 'accent',
      };
    case 'signed-in': {
      const ends = login.expires > 0 && login.expires <= now;
      if (ends) return { ...calm, glyph: 'warning', text: 'sign-in has ended', tone: 'warning' };
      return { ...calm, glyph: 'ok', text: 'signed in', tone: 'ok' };
    }
    case 'failed':
      return { ...calm, glyph: 'error', text: 'sign-in failed', tone: 'error' };
  }
}
