import { Fzf } from 'fzf';

/** What a filter looks at in a row. */
export type Filterable<R> = Readonly<{
  text(row: R): string;
  labels?(row: R): Readonly<Record<string, string>>;
}>;

/**
 * The rows a filter leaves, in their order. Every blank-separated part must hold: `word` is contained (any case),
 * `!word` is not, `-l name=value`, `-l name!=value` and `-l name` look at labels, `~letters` is fuzzy.
 */
export function filterRows<R>(rows: readonly R[], filter: string, look: Filterable<R>): readonly R[] {
  const tests = parse(filter, look);
  const fuzzy = parts(filter).filter((part) => part.startsWith('~') && part.length > 1);
  let left = tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
  for (const part of fuzzy) left = fuzzyRows(left, part.slice(1), look);
  return left;
}

type Test<R> = (row: R) => boolean;

function parse<R>(filter: string, look: Filterable<R>): Test<R>[] {
  const tests: Test<R>[] = [];
  const queue = parts(filter);
  for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
    if (part === '-l') {
      const selector = queue.shift();
      for (const one of selector?.split(',') ?? []) tests.push(labelTest(one, look));
    } else if (part.startsWith('!')) {
      const word = part.slice(1).toLowerCase();
      if (word !== '') tests.push((row) => !look.text(row).toLowerCase().includes(word));
    } else if (!part.startsWith('~')) {
      const word = part.toLowerCase();
      tests.push((row) => look.text(row).toLowerCase().includes(word));
    }
  }
  return tests;
}

function parts(filter: string): string[] {
  return filter.split(/\s+/).filter((part) => part !== '');
}

function labelTest<R>(selector: string, look: Filterable<R>): Test<R> {
  const [, name = '', operator = '', value = ''] = /^([^!=]+)(!=|==?)?(.*)$/.exec(selector) ?? [];
  const labels = (row: R) => look.labels?.(row) ?? {};
  if (name === '') return () => true;
  if (operator === '') return (row) => name in labels(row);
  if (operator === '!=') return (row) => labels(row)[name] !== value;
  return (row) => labels(row)[name] === value;
}

function fuzzyRows<R>(rows: readonly R[], letters: string, look: Filterable<R>): readonly R[] {
  const texts = rows.map((row) => ({ row, text: look.text(row) }));
  const finder = new Fzf<typeof texts>(texts, {
    selector: (one: { text: string }) => one.text,
    sort: false,
    casing: 'case-insensitive',
  });
  return finder.find(letters).map((found: { item: { row: R } }) => found.item.row);
}
