import { Box } from 'ink';
import { useEffect, useMemo } from 'react';
import { defaultTables } from '../../model/azure/default-tables.ts';
import { clockMinute } from '../../model/clock.ts';
import { useSnapshot } from '../../state/use-snapshot.ts';
import { useDevice } from '../../ui/device.ts';
import { useBindings } from '../../ui/keys/use-bindings.ts';
import type { Frame } from '../../ui/pane.ts';
import { useScreen } from '../../ui/screen.ts';
import { useStore } from '../../ui/store.ts';
import { editedText, replaceAll } from '../../ui/text-editor.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LongSort, useLongList } from '../../ui/use-long-list.ts';
import { EmptyState } from '../../ui/widgets/EmptyState.tsx';
import { Line } from '../../ui/widgets/Line.tsx';
import { TitleRule } from '../../ui/widgets/TitleRule.tsx';
import { groundState } from '../log-ground.ts';
import type { PaneProps } from '../pane-props.ts';
import { stateSpan } from '../pane-state.ts';
import { useNow } from '../use-now.ts';
import { chosenFor, logQueryOf, logTailOf, tailSince, timespanWords } from './asked-of.ts';
import { cellText, sortValue } from './cell-text.ts';
import { chartOf } from './chart.ts';
import { chartLines } from './chart-lines.ts';
import { QueryEditor } from './QueryEditor.tsx';
import { keptView } from './query-view.ts';
import { emptyState, remarkLine, titleNote, whyLine } from './query-words.ts';
import { ResultTable } from './ResultTable.tsx';
import { RowDetail } from './RowDetail.tsx';
import type { Entry } from './result.ts';
import { searchedColumns, shownColumns } from './result-columns.ts';
import { askParameters, type ResultContext, resultKeys } from './result-keys.ts';
import { lagWords, runState, waitingWords } from './run-words.ts';

/** One question to Log Analytics: its text, and its rows as they come. */
export function QueryScreen({ store, asks, desk, now, ...frame }: PaneProps & Frame) {
  const view = keptView(
    frame,
    asks.azure,
    useSnapshot(store, ({ epoch }) => epoch),
  );
  const asked = useStore(view.asked);
  const focus = useStore(view.focus);
  const run = useStore(view.run.state);
  const look = useStore(view.look);
  const screen = useScreen();
  const device = useDevice();
  const theme = useTheme();
  const time = useNow(now);
  const facts = useSnapshot(store, (snapshot) => snapshot.facts);
  const { ground, state: groundIs, workspace } = groundState(facts);
  const chosen = useMemo(() => (ground === undefined ? undefined : chosenFor(asked, ground)), [asked, ground]);
  const missing = chosen !== undefined && 'missing' in chosen ? chosen : undefined;
  const ready = chosen !== undefined && !('missing' in chosen) && chosen.text.trim() !== '' ? chosen : undefined;

  const { result } = run;
  const shown = useMemo(
    () => shownColumns(result.columns, look.hidden, look.all),
    [result.columns, look.hidden, look.all],
  );
  const searched = useMemo(() => searchedColumns(result.columns, look.all), [result.columns, look.all]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: entries change in place, which the version tells
  const chart = useMemo(
    () => (run.isTail ? undefined : chartOf(result.columns, result.entries, result.render, asked.saved?.chart)),
    [result.columns, result.version, result.render, asked.saved, run.isTail],
  );
  const isChart =
    chart !== undefined &&
    (look.chart ?? (asked.saved?.chart !== undefined || isPicture(result.render?.visualization)));
  const editorHeight = focus === 'editor' ? Math.max(5, Math.floor(frame.height / 3)) : 0;
  const remark = remarkLine(chosen, result.remarks, theme.glyphs);
  const above = 1 + (focus === 'editor' ? editorHeight + 1 : 1) + (remark === undefined ? 0 : 1);
  const height = Math.max(1, frame.height - above);
  const rowsActive = frame.active && focus === 'rows';

  const list = useLongList<Entry>({
    rows: result.entries,
    version: result.version,
    reordered: result.reordered,
    newest: result.newest,
    text: (entry) =>
      entry.gap || searched.map(({ index, column }) => cellText(entry.cells[index], column.type, time)).join(' '),
    sorts: useMemo(() => sortsOf(shown), [shown]),
    height: Math.max(1, height - 1),
    active: rowsActive && !isChart,
    store: view.list,
    stream: run.isTail,
    without: ['f', 'esc'],
  });

  // At key time the snapshot may be another than was drawn.
  const putNow = (how: 'ask' | 'tail') => {
    const { ground: at } = groundState(store.get().facts);
    const put = at && chosenFor(view.asked.get(), at);
    if (put === undefined || 'missing' in put || put.text.trim() === '') return;
    view.begun.value = true;
    if (how === 'tail') {
      view.list.update((before) => ({ ...before, following: true, cursor: -1, sort: undefined }));
      view.run.tail(logTailOf(put));
    } else {
      view.list.update((before) => ({ ...before, following: false, cursor: -1, index: 0, top: 0, moved: false }));
      view.run.ask(logQueryOf(put));
    }
    desk.hold(view.run);
    remember();
  };
  const remember = () => {
    const { saved, parameters, text = '', timespan } = view.asked.get();
    const entry = { id: saved?.id ?? '', parameters, text, timespan, at: now() };
    const same = (one: typeof entry) =>
      one.id === entry.id && one.text === entry.text && JSON.stringify(one.parameters) === JSON.stringify(parameters);
    desk.history.update((before) => [entry, ...before.filter((one) => !same(one))].slice(0, 100));
  };
  const context = (): ResultContext => ({
    view,
    frame,
    screen,
    desk,
    shown,
    current: list.current,
    arranged: list.arranged,
    clear: list.clear,
    chart: chart === undefined ? 'none' : isChart ? 'on' : 'off',
    unasked: () => {
      const now = groundState(store.get().facts);
      if (now.ground === undefined) return now.state.text;
      const put = chosenFor(view.asked.get(), now.ground);
      if ('missing' in put) return put.missing;
      return put.text.trim() === '' ? 'there is no query yet' : undefined;
    },
    isPod: (namespace, name) => store.get().tables.pods.named(namespace, name) !== undefined,
    ask: () => putNow('ask'),
    isFollowing: () => {
      const { phase, isTail } = view.run.state.get();
      return isTail && phase === 'running' && view.list.get().following;
    },
    pause: () => {
      const known = view.run.state.get().result.newest;
      view.list.update((before) => ({ ...before, following: false, moved: true, known }));
    },
    follow: () => {
      const { phase, isTail } = view.run.state.get();
      if (isTail && phase === 'running')
        view.list.update((before) => ({ ...before, following: true, sort: undefined }));
      else putNow('tail');
    },
    outside: () => void editOutside(),
  });
  const runEdited = () => {
    const { text } = view.editor.get();
    if (text !== ready?.text) view.asked.update((before) => ({ ...before, text }));
    view.focus.update(() => 'rows');
    putNow('ask');
  };
  const editOutside = async () => {
    const before = focus === 'editor' ? view.editor.get().text : (ready?.text ?? '');
    const { text, problem } = await device.edit(before, 'query.kql');
    if (problem !== '') frame.flash(problem, 'warning');
    if (text === undefined) return;
    view.editor.update((now) => replaceAll(now, text.replace(/\n+$/, '')));
    view.focus.update(() => 'editor');
  };
  useBindings(resultKeys, context, { title: asked.saved?.title ?? 'Query', active: rowsActive });

  useSchema(desk, facts.workspace?.value?.tables, focus === 'editor');
  // The text that is asked is what one begins to edit; what was changed and not asked yet stays.
  const wording = ready?.text ?? '';
  useEffect(() => {
    const { text } = view.editor.get();
    if (wording === '' || (text !== '' && text !== view.worded.value)) return;
    view.worded.value = wording;
    if (text !== wording) view.editor.update(() => editedText(wording));
  }, [view, wording]);
  // Opened for its answer: it is asked as soon as there is somebody to ask.
  useEffect(() => {
    if (view.begun.value || focus === 'editor') return;
    const needs = asked.saved?.parameters.some(({ name, isNeeded }) => isNeeded && !asked.parameters[name]);
    if (ground !== undefined && needs) {
      view.begun.value = true;
      askParameters({ view, screen, ask: () => putNow('ask') }, true);
    } else if (ready !== undefined) putNow('ask');
  });
  useEffect(() => () => void view.run.cancel(), [view]);
  const resting = useStore(desk.resting);
  useEffect(() => {
    if (resting && view.run.state.get().isTail) view.run.cancel();
  }, [view, resting]);

  const elapsed = performance.now() - run.began;
  const state =
    run.phase === 'idle' && ground === undefined
      ? groundIs
      : runState(run, run.isTail && !list.state.following, list.unseen, elapsed, Date.now());
  const lag = run.phase === 'idle' ? '' : lagWords(run, frame.width);
  const timespan = timespanWords(asked.timespan || asked.saved?.timespan || 'PT1H');
  const since = run.isTail && run.phase !== 'idle' ? clockMinute(tailSince(asked, run.beganAt), Date.now()) : '';
  const current = list.current();
  const inRow = focus === 'row' && current !== undefined && current.gap === '';
  return (
    <Box flexDirection="column" width={frame.width} height={frame.height}>
      <TitleRule
        title={asked.saved?.title ?? 'Query'}
        note={titleNote(asked, timespan, since, list.note)}
        state={stateSpan({ ...state, text: [state.text, lag].filter(Boolean).join(' · ') }, theme.glyphs)}
        {...(list.state.filter !== '' && { shown: list.shown, total: result.entries.length })}
        width={frame.width}
        active={frame.active}
      />
      {focus === 'editor' ? (
        <>
          <QueryEditor
            kql={desk.kql}
            store={view.editor}
            active={frame.active}
            width={frame.width}
            height={editorHeight}
            run={runEdited}
            leave={() => view.focus.update(() => 'rows')}
            outside={() => void editOutside()}
            cancel={() => view.run.cancel()}
          />
          <Line spans={[{ text: theme.glyphs.rule.repeat(frame.width), tone: 'dim' }]} width={frame.width} />
        </>
      ) : (
        <Line
          spans={whyLine(asked, ready?.text ?? asked.text ?? '', workspace, waitingWords(run, Date.now()))}
          width={frame.width}
        />
      )}
      {remark !== undefined && <Line spans={remark} width={frame.width} />}
      {inRow ? (
        <RowDetail
          frame={frame}
          columns={result.columns}
          entry={current}
          toggled={view.toggled}
          active={frame.active}
          width={frame.width}
          height={height}
          step={(by) => moveBy(view, list.arranged(), by)}
          close={() => view.focus.update(() => 'rows')}
        />
      ) : list.shown === 0 ? (
        <EmptyState
          {...emptyState({
            run,
            state,
            missing,
            filter: list.state.filter,
            total: result.entries.length,
            timespan,
            text: ready?.text ?? '',
          })}
          width={frame.width}
          height={height}
        />
      ) : isChart && chart !== undefined ? (
        chartLines(chart, frame.width, height, theme, run.beganAt - Math.max(usualLagMs, result.lag?.p95 ?? 0)).map(
          (spans, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is what is drawn anew
            <Line key={index} spans={spans} width={frame.width} />
          ),
        )
      ) : (
        <ResultTable
          columns={result.columns}
          shown={shown}
          list={list}
          chosen={look.column}
          late={result.late}
          stale={state.old}
          now={time}
          width={frame.width}
          height={height}
          active={rowsActive}
        />
      )}
    </Box>
  );
}

/** Of rows younger than this when they were asked for, more may come, ms. */
const usualLagMs = 120_000;

function isPicture(visualization: string | undefined): boolean {
  return visualization !== undefined && visualization !== '' && visualization !== 'table' && visualization !== 'card';
}

function sortsOf(shown: ReturnType<typeof shownColumns>): readonly LongSort<Entry>[] {
  return shown
    .filter(({ letter }) => letter !== '')
    .map(({ letter, index, column }) => ({
      letter,
      title: column.name,
      value: ({ cells }: Entry) => sortValue(cells[index], column.type),
    }));
}

function moveBy({ list, run }: ReturnType<typeof keptView>, rows: readonly Entry[], by: 1 | -1): void {
  const { newest } = run.state.get().result;
  list.update((before) => {
    let index = before.index + by;
    while (rows[index] !== undefined && rows[index]?.gap !== '') index += by;
    const entry = rows[index];
    if (entry === undefined) return before;
    // What comes from now on is new to whoever stopped here.
    const known = before.following ? newest : before.known;
    return { ...before, following: false, known, moved: true, index, cursor: entry.id };
  });
}

/** Names are looked up in the workspace's own tables; while they are not known, in those that every such cluster has. */
function useSchema(
  desk: PaneProps['desk'],
  tables: readonly { name: string; columns: readonly { name: string; type: string }[] }[] | undefined,
  active: boolean,
): void {
  useEffect(() => {
    if (!active) return;
    const known = tables?.filter(({ columns }) => columns.length > 0) ?? [];
    void desk.kql.schema(known.length > 0 ? known : defaultTables()).catch(() => {
      // Whatever is wrong with that thread is said by the next question to it.
    });
  }, [desk, tables, active]);
}
