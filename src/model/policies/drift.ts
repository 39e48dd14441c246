import jsonPatch from 'fast-json-patch';
import { text } from '../objects/raw.ts';
import type { RawObject } from '../objects/row.ts';
import { objectKey } from './read-facts.ts';
import { asServed, WRITTEN_KINDS } from './written.ts';

/** What of the policies is in one place only, and what differs. Each list in order of kind, namespace and name. */
export type Drift = {
  onlyInCluster: readonly RawObject[];
  onlyInFolder: readonly RawObject[];
  differ: readonly Difference[];
};

export type Difference = {
  /** Both as the server holds them, without what it adds. */
  folder: RawObject;
  cluster: RawObject;
  /** Where they differ, the shortest path that says it: `spec.ingress[0].toPorts[0].ports[0].port`. */
  fields: readonly string[];
};

/** Compares what is written in files with what is in the cluster. What the server fills in is no difference. */
export function findDrift(folder: readonly RawObject[], cluster: readonly RawObject[]): Drift {
  const [there, here] = [byKey(folder), byKey(cluster)];
  const keys = [...new Set([...there.keys(), ...here.keys()])].sort();
  const only = (these: Held, others: Held) =>
    keys
      .filter((key) => !others.has(key))
      .flatMap((key): readonly RawObject[] => {
        const one = these.get(key);
        return one ? [one] : [];
      });
  return {
    onlyInCluster: only(here, there),
    onlyInFolder: only(there, here),
    differ: keys.flatMap((key) => differenceOf(there.get(key), here.get(key))),
  };
}

type Held = ReadonlyMap<string, RawObject>;

function byKey(objects: readonly RawObject[]): Held {
  const written = objects.filter(({ kind }) => WRITTEN_KINDS.includes(String(kind)));
  return new Map(written.map((raw) => [objectKey(raw), asServed(raw)]));
}

function differenceOf(folder: RawObject | undefined, cluster: RawObject | undefined): readonly Difference[] {
  if (!folder || !cluster) return [];
  const fields = jsonPatch.compare(folder, cluster).map(({ path }) => fieldOf(path));
  return fields.length === 0 ? [] : [{ folder, cluster, fields: [...new Set(fields)].sort() }];
}

/** A JSON pointer as people write it; a key with dots in brackets. */
function fieldOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => text(part.replaceAll('~1', '/').replaceAll('~0', '~')))
    .reduce((path, key) => {
      if (/^\d+$/.test(key) || /[^\w-]/.test(key)) return `${path}[${key}]`;
      return path === '' ? key : `${path}.${key}`;
    }, '');
}
