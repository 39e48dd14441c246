import { semanticError } from '../kql-error.ts';

/** The service's regular expressions are RE2's: what that has and ours has not is rewritten, what it lacks is refused. */
export function kqlRegex(pattern: string, flags = ''): RegExp {
  if (/\(\?(?:[=!]|<[=!])|\\[1-9]/.test(pattern.replaceAll('\\\\', '')))
    throw semanticError('SEM0420', `Regex pattern is ill-formed: '${pattern}'`);
  const leading = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern
    .slice(leading?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\A', '^')
    .replaceAll('\\z', '$');
  const own = /\\p\{/i.test(source) ? 'u' : '';
  try {
    return new RegExp(source, `${own}${leading?.[1] ?? ''}${flags}`);
  } catch {
    throw semanticError('SEM0420', `Regex pattern is ill-formed: '${pattern}'`);
  }
}
