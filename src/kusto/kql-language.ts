import { Fzf } from 'fzf';
import type { KqlAnalysis, KqlCompletions, KqlTokenKind } from '../model/azure/azure-asks.ts';
import { loadKusto } from './load-kusto.ts';

export type KqlTable = { name: string; columns: readonly { name: string; type: string }[] };

/** What KQL means over these tables. Every call takes tens of milliseconds once warm, the first one a second. */
export type KqlLanguage = {
  schema(tables: readonly KqlTable[]): void;
  analyse(text: string): KqlAnalysis;
  complete(text: string, offset: number): KqlCompletions;
};

export function createKqlLanguage(): KqlLanguage {
  const { Kusto, Bridge } = loadKusto();
  const { Editor, Symbols, GlobalState } = Kusto.Language;
  let globals = GlobalState.Default;
  // One text is asked about several times: its tokens, its problems, what could stand at the cursor.
  // biome-ignore lint/suspicious/noExplicitAny: a transpiled library without usable types
  let last: { text: string; service: any } | undefined;

  const serviceOf = (text: string) => {
    if (last?.text !== text) last = { text, service: new Editor.KustoCodeService.$ctor1(text, globals) };
    return last.service;
  };

  return {
    schema(tables) {
      const symbols = tables.map(
        ({ name, columns }) => new Symbols.TableSymbol.$ctor7(name, columnList(columns), null),
      );
      globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('workspace', symbols));
      last = undefined;
    },
    analyse(text) {
      const service = serviceOf(text);
      const tokens: Token[] = Bridge.toArray(service.GetClassifications(0, text.length, true, true).Classifications);
      const problems: Problem[] = Bridge.toArray(service.GetDiagnostics(true));
      return {
        tokens: tokens.map(({ Kind, Start, Length }) => ({
          kind: kinds[Kind] ?? 'plain',
          start: Start,
          length: Length,
        })),
        problems: problems
          .filter(({ Severity }) => Severity !== 'Hidden')
          .map(({ Code, Severity, Start, Length, Message }) => ({
            code: Code,
            severity: Severity === 'Error' ? 'error' : Severity === 'Warning' ? 'warning' : 'suggestion',
            start: Start,
            length: Length,
            message: Message,
          })),
      };
    },
    complete(text, offset) {
      const { EditStart: start, EditLength: length, Items } = serviceOf(text).GetCompletionItems(offset);
      const items: Item[] = Bridge.toArray(Items);
      // Up to the cursor only: what stands behind it is replaced, but was not typed for this.
      return { start, length, items: bestOf(items, text.slice(start, offset)).map(itemOf) };
    },
  };
}

type Token = { Kind: number; Start: number; Length: number };
type Problem = { Code: string; Severity: string; Start: number; Length: number; Message: string };
type Item = { Kind: number; MatchText: string; BeforeText: string; AfterText: string; OrderText: string };

const most = 50;

/** By Editor.ClassificationKind. */
const kinds: Readonly<Record<number, KqlTokenKind>> = {
  1: 'comment',
  3: 'keyword',
  4: 'number',
  5: 'string',
  6: 'type',
  7: 'column',
  8: 'table',
  10: 'function',
  11: 'parameter',
  12: 'parameter',
  14: 'parameter',
  15: 'parameter',
  16: 'operator',
  17: 'operator',
  18: 'keyword',
  19: 'keyword',
  20: 'keyword',
  21: 'table',
  22: 'column',
  23: 'parameter',
};

/** By Editor.CompletionKind. */
const itemKinds: Readonly<Record<number, string>> = {
  1: 'keyword',
  9: 'keyword',
  11: 'operator',
  13: 'column',
  14: 'table',
  15: 'function',
  16: 'function',
  17: 'function',
  18: 'aggregate',
  19: 'parameter',
  20: 'variable',
  23: 'table',
  26: 'type',
};

/** What one most likely means among equals: what the workspace has, then what the language has. */
const before: Readonly<Record<number, number>> = { 13: 0, 14: 0, 20: 0, 19: 0, 9: 1, 18: 2, 15: 3 };

/** Signs are typed faster than chosen, and of another cluster or database we know nothing. */
const unwanted: ReadonlySet<number> = new Set([2, 21, 22, 24, 25]);
const unanswered = new Set(['cluster', 'database', 'external_table', 'entity_group', 'graph', 'stored_query_result']);

function bestOf(all: readonly Item[], typed: string): readonly Item[] {
  const items = all
    .filter(({ Kind, MatchText }) => !unwanted.has(Kind) && !unanswered.has(MatchText) && /^[\w$]/.test(MatchText))
    .map((item, place) => ({ item, place }))
    .sort((a, b) => (before[a.item.Kind] ?? 4) - (before[b.item.Kind] ?? 4) || a.place - b.place)
    .map(({ item }) => item);
  if (typed === '') return items.slice(0, most);
  const wanted = typed.toLowerCase();
  const prefixed = items
    .filter(({ MatchText }) => MatchText.toLowerCase().startsWith(wanted))
    .sort((a, b) => (before[a.Kind] ?? 4) - (before[b.Kind] ?? 4) || a.MatchText.length - b.MatchText.length);
  const others = items.filter(({ MatchText }) => !MatchText.toLowerCase().startsWith(wanted));
  const finder = new Fzf<typeof others>(others, { selector: (item: Item) => item.MatchText, limit: most });
  // One letter is in nearly every word: only what begins with it is meant.
  const fuzzy = typed.length < 2 ? [] : finder.find(typed).map(({ item }: { item: Item }) => item);
  return [...prefixed, ...fuzzy].slice(0, most);
}

function itemOf({ Kind, MatchText, BeforeText, AfterText }: Item): KqlCompletions['items'][number] {
  return {
    kind: itemKinds[Kind] ?? '',
    text: MatchText,
    // `ContainerLogV2\n| ` and `where ` are more than was asked for: a blank is typed by whoever wants one.
    before: Kind === 14 || AfterText === '' ? BeforeText.trimEnd().replace(/\s*\|$/, '') : BeforeText.trimEnd(),
    after: AfterText,
  };
}

/** As a schema is written in KQL; names that need it are quoted there. */
function columnList(columns: KqlTable['columns']): string {
  return `(${columns.map(({ name, type }) => `${quoted(name)}: ${types.has(type) ? type : 'dynamic'}`).join(', ')})`;
}

const types = new Set(['string', 'int', 'long', 'real', 'decimal', 'bool', 'datetime', 'timespan', 'guid', 'dynamic']);

function quoted(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : `['${name.replace(/[\\']/g, '\\$&')}']`;
}
