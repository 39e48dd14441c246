import { kinds } from '../kinds.ts';
import type { Link, SourceId } from '../link.ts';
import type { Snapshot } from '../snapshot.ts';
import { POLICY_TABLES } from './policy-tables.ts';
import { POLICY_SOURCES, TIERED_SOURCES } from './read-facts.ts';

/** What verdicts rest on and cannot be looked at now, a sentence each. */
export type Unread = {
  /** All of it, also what is only old or narrowed to a namespace. */
  sentences: readonly string[];
  /** Of these, those without which any verdict may be wrong: nothing is certain then. */
  decisive: readonly string[];
  /** Lists of pods or of their identities are still arriving. */
  arriving: boolean;
};

/** `absent`: no Cilium runs there, so that no verdict is more than what would hold. */
export function unreadSources({ links }: Pick<Snapshot, 'links'>, absent: boolean): Unread {
  const found = SOURCES.flatMap((source) => {
    const link = links.get(source);
    const text = sentenceOf(source, link);
    if (text === '') return [];
    const arriving = link === undefined || link.phase === 'connecting' || link.phase === 'loading';
    // What is stale was whole once; what nobody may list, the engine does without where it knows how.
    const decides = arriving || (link.phase !== 'stale' && DECISIVE.has(source) && link.only === undefined);
    return [{ source, text, arriving, decides }];
  });
  const nobody = absent ? ['no Cilium agent runs here: nobody enforces what its policies say'] : [];
  return {
    sentences: [...nobody, ...found.map(({ text }) => text)],
    decisive: [...nobody, ...found.filter(({ decides }) => decides).map(({ text }) => text)],
    arriving: found.some(({ source, arriving }) => arriving && PODS.has(source)),
  };
}

const PODS: ReadonlySet<SourceId> = new Set([
  'pods',
  'systemPods',
  'namespaces',
  'ciliumEndpoints',
  'ciliumIdentities',
]);
/** Policies and pods: one that is not seen may decide. Of the others the engine says itself what it does not know. */
const DECISIVE: ReadonlySet<SourceId> = new Set(['pods', ...POLICY_SOURCES, ...TIERED_SOURCES, 'ciliumCidrGroups']);
const SOURCES: readonly SourceId[] = [...new Set<SourceId>([...PODS, ...POLICY_TABLES])];

function sentenceOf(source: SourceId, link: Link | undefined): string {
  const name = source === 'systemPods' ? 'pods of kube-system' : kinds[source].plural;
  switch (link?.phase) {
    case undefined:
    case 'connecting':
    case 'loading':
      return `${name} are still being read`;
    case 'live':
      return link.only === undefined ? '' : `only ${name} of namespace ${link.only} may be read`;
    case 'stale':
      return `the watch of ${name} is interrupted: they are known as they were`;
    case 'forbidden':
      return `${name} may not be listed`;
    case 'missing':
      // A cluster that does not serve a kind has none of it.
      return '';
    case 'failed':
      return `${name} could not be read`;
  }
}
