/** A key as the footer and the help write it. */
export function keyName(key: string, ascii: boolean): string {
  return ascii ? key : (drawn[key] ?? key);
}

const drawn: Readonly<Record<string, string>> = { enter: '⏎', up: '↑', down: '↓', left: '←', right: '→' };
