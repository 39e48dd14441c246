/** A key as the footer and the help write it. */
export function keyName(key: string): string {
  return drawn[key] ?? key;
}

const drawn: Readonly<Record<string, string>> = { enter: '⏎', up: '↑', down: '↓', left: '←', right: '→' };
