import type { KindId } from '../../model/kinds.ts';
import type { Snapshot } from '../../model/snapshot.ts';

/** Whether a text is part of some object's name. The names are gathered when that is first asked. */
export function nameIndex(snapshot: Snapshot): (text: string) => boolean {
  let names: string | undefined;
  return (text) => {
    names ??= (Object.keys(snapshot.tables) as KindId[])
      .flatMap((kind) => [...snapshot.tables[kind].rows.values()].map(({ namespace, name }) => `${namespace}/${name}`))
      .join('\n');
    return names.includes(text);
  };
}
