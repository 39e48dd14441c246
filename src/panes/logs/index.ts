import { queries } from '../../queries/index.ts';
import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { logsTogether, logsView } from '../views.ts';
import { timespans, timespanWords } from './asked-of.ts';
import { LogsScreen } from './LogsScreen.tsx';
import { QueryScreen } from './QueryScreen.tsx';

/** Pane 5, and the view of one query: `:kql denied-flows namespace=shop`, `:kql ContainerLogV2 | take 5`. */
export const logPanes: readonly Pane<PaneProps>[] = [
  {
    id: 'logs',
    title: 'Logs',
    key: '5',
    words: ['logs'],
    complete: completeLogs,
    elsewhere: ([first = '', only, since]) => {
      const of = logsTogether.find((one) => one === first);
      return of && logsView(of, only, since);
    },
    Screen: LogsScreen,
  },
  { id: 'query', title: 'Query', words: ['kql'], complete: completeQuery, Screen: QueryScreen },
];

/** Besides the pane itself: logs that the API server has, not Log Analytics. */
function completeLogs(typed: readonly string[]): readonly string[] {
  return typed.length === 1 ? logsTogether : [];
}

/** A saved query's name, then its parameters. What else is typed is a query of one's own. */
function completeQuery(typed: readonly string[]): readonly string[] {
  const [first = '', ...rest] = typed;
  if (rest.length === 0) return queries.map(({ id }) => id);
  const saved = queries.find(({ id }) => id === first);
  if (saved === undefined) return [];
  const given = new Set(rest.slice(0, -1).map((one) => one.split('=')[0]));
  if (rest.at(-1)?.startsWith('since=')) return timespans.map((one) => `since=${timespanWords(one)}`);
  return [...saved.parameters.map(({ name }) => name), 'since']
    .filter((name) => !given.has(name))
    .map((name) => `${name}=`);
}
