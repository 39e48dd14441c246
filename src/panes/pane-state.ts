import { kinds } from '../model/kinds.ts';
import type { Link, SourceId } from '../model/link.ts';
import { age, cutEnd, number } from '../ui/text.ts';
import type { Glyphs, Span, Tone } from '../ui/theme.ts';

/** How what a pane shows is doing: what stands in its title, and what is said where its rows would be. */
export type PaneState = {
  phase: Link['phase'] | 'none';
  /** For the title: `● live`, `▲ stale 42s`, `loading 3,400 of ~100,000`. Its glyph is named, not drawn. */
  glyph: 'ok' | 'warning' | 'error' | 'unknown' | 'progress' | '';
  text: string;
  tone: Tone;
  /** What it means and what to do, one or two sentences; '' while there is nothing to explain. */
  sentence: string;
  /** The rows are older than they look: draw them dimmed. */
  old: boolean;
};

type Links = ReadonlyMap<SourceId, Link>;

/**
 * The state of a pane that shows `rows` rows of its first source; the other sources only add to them, so their trouble
 * is told behind the first one's state and takes no rows away.
 */
export function paneState(links: Links, sources: readonly SourceId[], rows: number, now: number): PaneState {
  const [first, ...others] = sources;
  if (first === undefined) return live(rows);
  const state = linkState(first, links.get(first), rows, now);
  if (state.phase !== 'live' && state.phase !== 'none') return state;
  for (const source of others) {
    const other = linkState(source, links.get(source), 1, now);
    if ((other.phase === 'live' && other.glyph === 'ok') || other.phase === 'missing' || other.text === state.text)
      continue;
    const word =
      other.phase === 'connecting' || other.phase === 'loading' ? `${nameOf(source)} ${other.text}` : other.text;
    const about = other.phase === 'stale' ? `${nameOf(source)} ${other.text}` : word;
    return {
      ...state,
      glyph: other.glyph,
      tone: other.tone,
      text: `${state.text} · ${about}`,
      sentence: other.sentence,
    };
  }
  return state;
}

/** What stands in a pane's title for one source. */
export function linkState(source: SourceId, link: Link | undefined, rows: number, now: number): PaneState {
  const name = nameOf(source);
  if (link === undefined) {
    return { ...waiting, phase: 'connecting', text: 'connecting', sentence: `Asking the server for ${name}.` };
  }
  switch (link.phase) {
    case 'connecting':
      return {
        ...waiting,
        phase: 'connecting',
        text: withRetry('connecting', link, now),
        sentence: link.problem ?? `Asking the server for ${name}.`,
      };
    case 'loading':
      return {
        ...waiting,
        phase: 'loading',
        text: withRetry(loadingText(link), link, now),
        sentence: link.problem ?? `Reading ${name} page by page; what has arrived is shown.`,
      };
    case 'live':
      return link.only === undefined ? live(rows, name) : partly(rows, name, link.only);
    case 'stale':
      return {
        phase: 'stale',
        glyph: 'warning',
        text: withRetry(link.heard > 0 ? `stale ${age(now - link.heard)}` : 'stale', link, now),
        tone: 'warning',
        sentence: link.problem ?? `Nothing has been heard of ${name}; these are the last rows that were.`,
        old: true,
      };
    case 'forbidden':
      return {
        phase: 'forbidden',
        glyph: 'unknown',
        text: `forbidden: list ${name}`,
        tone: 'unknown',
        sentence:
          link.problem ?? `You may not list ${name}. Ask for the verbs list and watch on ${resourceOf(source)}.`,
        old: false,
      };
    case 'missing':
      return {
        phase: 'missing',
        glyph: 'unknown',
        text: 'not installed',
        tone: 'unknown',
        sentence: link.problem ?? `This server does not know ${resourceOf(source)}. They appear here when it does.`,
        old: false,
      };
    case 'failed':
      return {
        phase: 'failed',
        glyph: 'error',
        text: withRetry(failedText(link), link, now),
        tone: 'error',
        sentence: link.problem ?? `Reading ${name} failed. ctrl-r asks again.`,
        old: rows > 0,
      };
  }
}

/** The state as it stands in a title. */
export function stateSpan({ glyph, text, tone }: PaneState, glyphs: Glyphs): Span {
  return { text: glyph === '' ? text : `${glyphs[glyph]} ${text}`, tone };
}

/** `pods`, `ciliumendpoints`; the pods of kube-system, asked for on their own, by that name. */
export function nameOf(source: SourceId): string {
  return source === 'systemPods' ? 'pods in kube-system' : kinds[source].plural;
}

/** The same where room is short: `endpoints`, `slices`, `system pods`. */
export function shortNameOf(source: SourceId): string {
  return shortNames[source] ?? nameOf(source);
}

const shortNames: Partial<Record<SourceId, string>> = {
  systemPods: 'system pods',
  ciliumEndpoints: 'endpoints',
  ciliumEndpointSlices: 'slices',
  ciliumIdentities: 'identities',
  ciliumNetworkPolicies: 'cnp',
  ciliumClusterwideNetworkPolicies: 'ccnp',
};

function resourceOf(source: SourceId): string {
  const { group, plural } = kinds[source === 'systemPods' ? 'pods' : source];
  return group === '' ? plural : `${plural}.${group}`;
}

function live(rows: number, name = ''): PaneState {
  if (rows > 0) return { phase: 'live', glyph: 'ok', text: 'live', tone: 'ok', sentence: '', old: false };
  return {
    phase: 'none',
    glyph: '',
    text: 'none',
    tone: 'dim',
    sentence: name === '' ? 'There is nothing here.' : `The cluster has no ${name}.`,
    old: false,
  };
}

/** Rows of one namespace only: neither all there are, nor none where there are none here. */
function partly(rows: number, name: string, namespace: string): PaneState {
  return {
    phase: rows > 0 ? 'live' : 'none',
    glyph: 'warning',
    text: `only namespace ${namespace}`,
    tone: 'warning',
    sentence: `Namespace ${namespace} has no ${name}. Listing those of all namespaces is forbidden.`,
    old: false,
  };
}

const waiting = { glyph: 'progress', tone: 'progress', old: false } as const;

function loadingText(link: Link): string {
  if (link.loaded === undefined) return 'loading';
  const of = link.expected !== undefined && link.expected > link.loaded ? ` of ~${number(link.expected)}` : '';
  return `loading ${number(link.loaded)}${of}`;
}

function failedText({ loaded, problem }: Link): string {
  if (loaded !== undefined) return `not read to the end: ${number(loaded)} so far`;
  return problem === undefined ? 'failed' : `failed: ${cutEnd(problem, 40)}`;
}

function withRetry(text: string, link: Link, now: number): string {
  if (link.retryAt === undefined || link.retryAt <= now) return text;
  return `${text}, retry ${age(link.retryAt - now)}`;
}
