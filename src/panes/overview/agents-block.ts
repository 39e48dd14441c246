import { type Agent, isOlderThan, isSick, isWanted } from '../../model/agents.ts';
import type { SickTrait } from '../../model/only-sick.ts';
import { traitsText } from '../../model/only-sick.ts';
import { age, number, width } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { agentLook } from '../below-minimum.ts';
import type { PaneState } from '../pane-state.ts';
import { shortenImages } from '../short-image.ts';
import { cell, type Spans, span } from '../spans.ts';
import type { Block, BlockLine } from './block.ts';

export type AgentsOptions = {
  /** Sick first; those the filter left. */
  agents: readonly Agent[];
  /** Every agent, for the count. */
  all: readonly Agent[];
  only: readonly SickTrait[];
  /** What this Kubernetes asks of agents while some are older; ''. */
  least: string;
  cursor: string;
  state: PaneState;
  glyphs: Glyphs;
  now: number;
};

export function agentsBlock(options: AgentsOptions): Block {
  const { agents, only, least } = options;
  const sick = agents.filter((agent) => isSick(agent) || isOlderThan(agent, least));
  const traits = shortenImages(traitsText(only));
  return {
    id: 'agents',
    title: titleOf(options),
    want: sick.length === 0 ? Math.min(agents.length, 4) : sick.length + (traits === '' ? 0 : 1),
    least: Math.min(sick.length, 3),
    sick: sick.length > 0,
    draw(columns, rows) {
      const lines: BlockLine[] = traits === '' ? [] : [{ spans: [span('  only they: ', 'warning'), span(traits)] }];
      const shown = inSight(agents, options.cursor, Math.max(0, rows - lines.length));
      const name = Math.min(30, Math.max(14, ...shown.map((agent) => width(agent.node))), Math.floor(columns / 2));
      for (const agent of shown)
        lines.push({ id: `agent:${agent.node}`, spans: agentLine(agent, options, columns, name) });
      return lines;
    },
  };
}

function titleOf({ all, least, state, glyphs }: AgentsOptions): Spans {
  const title: Spans = [span('2', 'accent'), span(' Agents', 'strong')];
  if (state.phase !== 'live') {
    return [...title, span(` ${state.glyph === '' ? '' : `${glyphs[state.glyph]} `}${state.text}`, state.tone)];
  }
  const wanted = all.filter(isWanted);
  const ready = wanted.filter((agent) => agent.state === 'ready').length;
  const isOld = all.some((agent) => isOlderThan(agent, least));
  const glyph = all.some(isSick) ? 'error' : isOld ? 'warning' : ready < wanted.length ? 'progress' : 'ok';
  return [...title, span(` ${glyphs[glyph]} ${number(ready)}/${number(wanted.length)}`, glyph)];
}

function agentLine(agent: Agent, { least, glyphs, now }: AgentsOptions, columns: number, name: number): Spans {
  const { sign, tone, word, why } = agentLook(agent, least);
  const { ellipsis } = glyphs;
  const room = columns - 2 - name - 1 - 10 - 1 - 5;
  return [
    span(`${glyphs[sign.glyph]} `, sign.tone),
    span(`${cell(agent.node, name, { ellipsis })} `),
    span(`${cell(word, 10, { cut: 'end', ellipsis })} `, tone),
    span(room > 0 ? cell(why || agent.version, room, { cut: 'end', ellipsis }) : '', 'dim'),
    span(cell(agent.since > 0 ? age(now - agent.since) : '', 5, { align: 'right' }), 'dim'),
  ];
}

function inSight(agents: readonly Agent[], cursor: string, rows: number): readonly Agent[] {
  const at = agents.findIndex((agent) => `agent:${agent.node}` === cursor);
  const top = Math.max(0, at - rows + 1);
  return agents.slice(top, top + rows);
}
