import { guidOf } from '../guid.ts';

/** A resource as ARM keeps it: what it does not know itself it keeps as it was put. */
export type Resource = {
  id: string;
  name: string;
  type: string;
  location?: string;
  tags?: Record<string, string>;
  eTag?: string;
  properties: Properties;
  [field: string]: unknown;
};
export type Properties = { [field: string]: unknown };

/** Resources by their ID, in any case, in the order in which they came. */
export type ResourceStore = {
  get(id: string): Resource | undefined;
  /** Everything of a type (`Microsoft.X/a/b`, in any case) beneath a scope. */
  list(type: string, scope: string): readonly Resource[];
  put(resource: Resource): Resource;
  remove(id: string): void;
};

export function createResourceStore(seeds: readonly Resource[]): ResourceStore {
  const kept = new Map<string, Resource>(seeds.map((seed) => [seed.id.toLowerCase(), seed]));
  return {
    get: (id) => kept.get(id.toLowerCase()),
    list(type, scope) {
      const beneath = `${scope.toLowerCase()}/`;
      const wanted = type.toLowerCase();
      return [...kept.values()].filter(
        (one) => one.type.toLowerCase() === wanted && one.id.toLowerCase().startsWith(beneath),
      );
    },
    put(resource) {
      kept.set(resource.id.toLowerCase(), resource);
      return resource;
    },
    remove: (id) => void kept.delete(id.toLowerCase()),
  };
}

/** What tells one state of a resource from another. */
export function etagOf({ eTag: _, ...resource }: Resource): string {
  return guidOf(JSON.stringify(resource));
}
