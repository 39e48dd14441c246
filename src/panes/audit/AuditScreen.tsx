import { useMemo } from 'react';
import type { AuditStory } from '../../model/audit-story.ts';
import { auditMarkdown, auditOutcomes } from '../../model/audit-words.ts';
import { clockTime } from '../../model/clock.ts';
import type { Binding } from '../../ui/keys/binding.ts';
import type { Frame } from '../../ui/pane.ts';
import { useTheme } from '../../ui/theme.ts';
import { type LineKeys, LinesScreen } from '../LinesScreen.tsx';
import { type ListKeys, ListScreen } from '../ListScreen.tsx';
import type { PaneProps } from '../pane-props.ts';
import type { PaneState } from '../pane-state.ts';
import { useNow } from '../use-now.ts';
import { storyLines, storyMarks } from './story-lines.ts';
import { type ReadAudit, useAudit } from './use-audit.ts';

/** What was changed and run from this machine, by whom, and what became of it; with an argument that one alone. */
export function AuditScreen({ asks, now, ...frame }: PaneProps & Frame) {
  const { glyphs } = useTheme();
  const time = useNow(now);
  const read = useAudit(asks);
  const [id] = frame.args;
  const story = read.stories.find((one) => one.id === id);
  const bindings = useMemo(() => listKeys(read.stories), [read.stories]);
  const copyOne = useMemo(() => oneKeys(story), [story]);
  if (id !== undefined) {
    return (
      <LinesScreen
        frame={frame}
        name={`audit ${id}`}
        title={`Audit · ${story?.title ?? 'a change'}`}
        state={stateOf(read)}
        lines={story === undefined ? [] : storyLines(story, glyphs, frame.width)}
        bindings={copyOne}
        none="It is not among the youngest on record any more: ciliscope audit show tells all."
      />
    );
  }
  return (
    <ListScreen<AuditStory>
      frame={frame}
      name="audit"
      title="Audit"
      state={stateOf(read)}
      rows={read.stories}
      id={(row) => row.id}
      text={(row) => `${row.title} ${row.object} ${row.user} ${row.context} ${row.said}`}
      troubled={({ outcome }) => ['partly', 'refused', 'unknown', 'open'].includes(outcome)}
      columns={columns}
      cells={(row) => [
        clockTime(row.at, time),
        { text: `${glyphs[storyMarks[row.outcome]]} ${auditOutcomes[row.outcome]}`, tone: storyMarks[row.outcome] },
        row.about === 'exec'
          ? { text: `${row.object.replace(/^Pod /, '')} ${row.title}`, tone: 'dim' }
          : { text: row.title, tone: 'strong' },
        row.user,
        row.context,
      ]}
      bindings={bindings}
      none="Nothing was changed from this machine, and no command was run in a pod."
    />
  );
}

const columns = [
  { id: 'at', title: 'TIME', min: 8, max: 8, clock: true },
  { id: 'outcome', title: 'OUTCOME', min: 8, max: 24 },
  { id: 'what', title: 'WHAT', min: 24, grow: true },
  { id: 'user', title: 'BY', min: 5, max: 24, cut: 'end', drop: 1 },
  { id: 'context', title: 'ON', min: 5, max: 24, drop: 2 },
] as const;

function stateOf({ phase, problem }: ReadAudit): PaneState {
  const base = { sentence: '', old: false, glyph: '' } as const;
  if (phase === 'here') return { ...base, phase: 'live', tone: 'dim', text: 'kept on this machine' };
  if (phase === 'loading') return { ...base, phase: 'loading', glyph: 'progress', tone: 'progress', text: 'reading' };
  return { ...base, phase: 'failed', glyph: 'error', tone: 'error', text: 'cannot be read', sentence: problem };
}

function listKeys(stories: readonly AuditStory[]): readonly Binding<ListKeys<AuditStory>>[] {
  return [
    {
      keys: ['enter'],
      title: 'each call of it',
      rank: 1,
      unless: ({ row }) => (row === undefined ? 'there is nothing on record' : undefined),
      run: ({ row, frame }) => row && frame.go({ pane: 'audit', args: [row.id] }),
    },
    {
      keys: ['c'],
      title: 'copy all as Markdown',
      rank: 20,
      unless: () => (stories.length === 0 ? 'there is nothing on record' : undefined),
      run: ({ frame }) => frame.copy(auditMarkdown(stories.toReversed())),
    },
  ];
}

function oneKeys(story: AuditStory | undefined): readonly Binding<LineKeys>[] {
  return [
    {
      keys: ['c'],
      title: 'copy as Markdown',
      rank: 20,
      unless: () => (story === undefined ? 'there is nothing to copy' : undefined),
      run: ({ frame }) => story && frame.copy(auditMarkdown([story])),
    },
  ];
}
