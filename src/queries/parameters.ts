import type { QueryParameter } from './saved-query.ts';

// Those that several questions take.
export const namespace: QueryParameter = { name: 'namespace', title: 'namespace', fallback: '', from: 'namespace' };
export const pod: QueryParameter = { name: 'pod', title: 'pod', fallback: '', from: 'pod' };
export const node: QueryParameter = { name: 'node', title: 'node', fallback: '', from: 'node' };
export const most: QueryParameter = { name: 'most', title: 'rows at most', fallback: '100', from: '' };
