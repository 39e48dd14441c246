/**
 * Whether Go takes it as a regular expression. False only where it surely does not: what Go has and JavaScript lacks
 * (flags, classes by name, \A, \z, \Q…\E, repeated anchors) is set aside first; what Go lacks (looking around,
 * references back) is refused.
 */
export function isGoExpression(pattern: string): boolean {
  const plain = pattern.replaceAll(/\\Q.*?(?:\\E|$)/gs, 'q');
  if (/\\[1-9]/.test(plain.replaceAll('\\\\', ''))) return false;
  if (/\(\?(?:=|!|<=|<!)/.test(plain.replaceAll(/\\./gs, 'e').replaceAll(/\[\^?\]?[^\]]*\]/g, 'c'))) return false;
  const common = plain
    .replaceAll(/\(\?[a-zA-Z-]+:/g, '(?:')
    .replaceAll(/\(\?[a-zA-Z-]+\)/g, '')
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\[:\^?[a-z]+:\]/g, 'a')
    .replaceAll(/(?:\\[bB]|[\^$])(?=[*+?{])/g, 'a');
  try {
    new RegExp(common);
    return true;
  } catch {
    return false;
  }
}
