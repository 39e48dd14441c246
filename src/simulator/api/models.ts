import type { ResourceType } from '../cluster.ts';

// The built-in kinds' fields, as the generated client knows them: nobody writes 600 types down a second time.

export type Field = { name: string; baseName: string; type: string; format: string };
export type Models = {
  /** Fields of a type; undefined for what is no type of its own (string, number, maps). */
  fields(type: string): readonly Field[] | undefined;
  /** The type of a kind, '' where the client has none. */
  typeOf(resource: ResourceType): string;
};

/** Loads half a second of code: asked for at the first write, not at the start. */
export async function loadModels(): Promise<Models> {
  const client = (await import('@kubernetes/client-node')) as unknown as Record<string, Model | undefined>;
  return {
    fields: (type) => client[type]?.getAttributeTypeMap?.(),
    typeOf(resource) {
      const version = `${resource.version[0]?.toUpperCase()}${resource.version.slice(1)}`;
      const names = resource.kind === 'Event' ? [resource.group === '' ? 'CoreV1Event' : 'EventsV1Event'] : [];
      return (
        [...names, `${version}${resource.kind}`].find((name) => client[name]?.getAttributeTypeMap !== undefined) ?? ''
      );
    },
  };
}

type Model = { getAttributeTypeMap?(): readonly Field[] };
