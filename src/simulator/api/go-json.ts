/** What Go's encoding/json says about a text JSON.parse refuses. Exact for cut-off texts, near for the rest. */
export function invalidCharacter(text: string): string {
  try {
    JSON.parse(text);
    return 'unexpected end of JSON input';
  } catch (error) {
    const message = error instanceof Error ? error.message : '';
    const at = Number(/at position (\d+)/.exec(message)?.[1] ?? Number.NaN);
    if (Number.isNaN(at) || at >= text.length) return 'unexpected end of JSON input';
    return `invalid character ${quote(text[at] ?? '')} looking for beginning of value`;
  }
}

/** strconv's quoting of one character. */
export function quote(character: string): string {
  const code = character.charCodeAt(0);
  if (code >= 0x20 && code < 0x7f) return `'${character}'`;
  return `'\\u${code.toString(16).padStart(4, '0')}'`;
}
