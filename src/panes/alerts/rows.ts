import type { Alerts } from '../../model/azure/azure-facts.ts';
import { nameOfResource } from '../../model/azure/resource-id.ts';
import { age } from '../../ui/text.ts';
import type { Glyphs, Tone } from '../../ui/theme.ts';
import type { Column } from '../../ui/widgets/fit-columns.ts';
import type { Cell } from '../../ui/widgets/Table.tsx';

/** What fired and rules stand in one table: the first is read, the second explains it. */
export type AlertRow = {
  id: string;
  isFiring: boolean;
  severity: number;
  name: string;
  state: string;
  /** 0 = a rule, which has no moment. */
  at: number;
  about: string;
};

/** What is firing first, then what has ended, then rules; the gravest of each first. */
export function alertRows({ rules, fired }: Alerts): readonly AlertRow[] {
  const rows: AlertRow[] = fired.map(({ id, severity, name, state, condition, at, target }) => ({
    id,
    isFiring: condition === 'Fired' && state !== 'Closed',
    severity,
    name,
    state: condition === 'Fired' ? `fires, ${state.toLowerCase() || 'new'}` : condition.toLowerCase() || 'ended',
    at,
    about: target.startsWith('/') ? nameOfResource(target) : target,
  }));
  for (const { id, name, kind, severity, enabled, description } of rules) {
    const state = `${kind} rule, ${enabled ? 'on' : 'off'}`;
    rows.push({ id, isFiring: false, severity, name, state, at: 0, about: description });
  }
  return rows.sort((a, b) => rank(a) - rank(b) || a.severity - b.severity || b.at - a.at || (a.name < b.name ? -1 : 1));
}

function rank({ isFiring, at }: AlertRow): number {
  if (isFiring) return 0;
  return at > 0 ? 1 : 2;
}

export const columns: readonly Column[] = [
  { id: 'sign', title: '', min: 1 },
  { id: 'severity', title: 'SEV', min: 3 },
  { id: 'name', title: 'ALERT', min: 18, max: 48 },
  { id: 'state', title: 'STATE', min: 14, max: 20 },
  { id: 'at', title: 'SINCE', min: 5, align: 'right', clock: true },
  { id: 'about', title: '', min: 10, grow: true, cut: 'end', drop: 1 },
];

export function cells(
  { isFiring, severity, name, state, at, about }: AlertRow,
  glyphs: Glyphs,
  now: number,
): readonly Cell[] {
  const tone: Tone = !isFiring ? 'dim' : severity <= 1 ? 'error' : severity === 2 ? 'warning' : 'plain';
  const glyph = !isFiring ? ' ' : severity <= 1 ? glyphs.error : glyphs.warning;
  return [
    { text: glyph, tone },
    { text: String(severity), tone },
    isFiring ? name : { text: name, tone: 'dim' },
    { text: state, tone: 'dim' },
    { text: at > 0 ? age(now - at) : '', tone: 'dim' },
    { text: about, tone: 'dim' },
  ];
}

export function searchText({ name, state, about, severity }: AlertRow): string {
  return `sev${severity} ${name} ${state} ${about}`;
}
