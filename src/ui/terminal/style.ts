/**
 * How a cell looks, as the parameters of one SGR sequence in a fixed order; '' = plain. Two cells look alike exactly when
 * their styles are the same string.
 */
export type Style = string;

/** The style after an SGR sequence with these parameters. Parameters we do not know change nothing. */
export function applySgr(style: Style, parameters: string): Style {
  const parts: Parts = { flags: new Set(), foreground: '', background: '' };
  change(parts, style);
  change(parts, parameters === '' ? '0' : parameters);
  const flags = [...parts.flags].sort((a, b) => a - b).map(String);
  return [...flags, parts.foreground, parts.background].filter((part) => part !== '').join(';');
}

type Parts = { flags: Set<number>; foreground: string; background: string };

/** What switches each of these off. */
const offs: Readonly<Record<number, readonly number[]>> = {
  22: [1, 2],
  23: [3],
  24: [4],
  25: [5],
  27: [7],
  28: [8],
  29: [9],
};

function change(parts: Parts, parameters: string): void {
  const codes = parameters.split(/[;:]/).map(Number);
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 0 && parameters !== '') {
      parts.flags.clear();
      parts.foreground = '';
      parts.background = '';
    } else if (code >= 1 && code <= 9 && code !== 6) {
      parts.flags.add(code);
    } else if (offs[code] !== undefined) {
      for (const off of offs[code]) parts.flags.delete(off);
    } else if (code === 38 || code === 48) {
      const length = codes[index + 1] === 5 ? 3 : 5;
      const colour = codes.slice(index, index + length).join(';');
      if (code === 38) parts.foreground = colour;
      else parts.background = colour;
      index += length - 1;
    } else if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
      parts.foreground = String(code);
    } else if ((code >= 40 && code <= 47) || (code >= 100 && code <= 107)) {
      parts.background = String(code);
    } else if (code === 39) {
      parts.foreground = '';
    } else if (code === 49) {
      parts.background = '';
    }
  }
}
