import type { KubeObject, ResourceType } from '../cluster.ts';

/** The kinds every server has: core, apps, discovery, networking, coordination, events, policy, storage, apiextensions. */
export declare function builtInResources(): readonly ResourceType[];

/** The CustomResourceDefinitions of Cilium and of AKS, to be given to `store.create`, which from then on serves their kinds. */
export declare function customResourceDefinitions(): readonly KubeObject[];
