import type { ObjectStore, ResourceType } from './cluster.ts';

export type StoreOptions = {
  /** Changes remembered per kind; older watches and continue tokens get a 410. Default 20,000. */
  history?: number;
};

/**
 * `clock` in milliseconds since 1970, of the world. A CustomResourceDefinition created here adds its kind, its removal
 * takes the kind and all its objects away.
 */
export declare function createStore(
  resources: readonly ResourceType[],
  clock: () => number,
  options?: StoreOptions,
): ObjectStore;
