import { type KqlError, semanticError } from '../kql-error.ts';

/** The service's regular expressions are RE2's: what that has and ours has not is rewritten, what it lacks is refused. */
export function kqlRegex(pattern: string, flags = ''): RegExp {
  const plain = pattern.replaceAll('\\\\', '');
  if (/\(\?(?:[=!]|<[=!])|\\[1-9]|\[\[:|\\[QECa]/.test(plain)) throw illFormed(pattern);
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const unicode = /\\p/i.test(plain);
  const source = pattern
    .slice(leading?.[0].length ?? 0)
    .replace(/\\([pP][A-Z]|[\s\S])|\(\?P</g, (whole, escaped?: string) => rewritten(whole, escaped, unicode));
  try {
    return new RegExp(source, `${unicode ? 'u' : ''}${leading?.[1] ?? ''}${flags}`);
  } catch {
    throw illFormed(pattern);
  }
}

function rewritten(whole: string, escaped: string | undefined, unicode: boolean): string {
  if (escaped === undefined) return '(?<';
  if (escaped === 'A') return '^';
  if (escaped === 'z') return '$';
  if (escaped.length === 2) return `\\${escaped[0]}{${escaped[1]}}`;
  // With classes of Unicode ours takes no escape that is not needed: the character by its number is always taken.
  return unicode && /[^\w\s]/.test(escaped) ? `\\u{${escaped.codePointAt(0)?.toString(16)}}` : whole;
}

function illFormed(pattern: string): KqlError {
  return semanticError('SEM0420', `Regex pattern is ill-formed: '${pattern}'`);
}
