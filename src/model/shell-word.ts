/** As a POSIX shell takes it for one word. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command of many flags, each on a line of its own: `['az', 'aks', 'show'], ['--name', 'a b']`. */
export function shellLines(command: readonly string[], flags: readonly (readonly string[])[]): string {
  const parts = [command, ...flags].map((words) => words.map(shellWord).join(' '));
  return parts.join(' \\\n  ');
}
