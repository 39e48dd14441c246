import type { Lint } from './lint.ts';

export const emptyPeerList: Lint = {
  id: 'policies/empty-peer-list',
  title: 'Empty list of peers',
  why: 'In Cilium’s policies a list of peers that is present and empty selects nobody, while one that is absent may mean everybody. The rule allows nothing.',
  severity: 'warning',
  byItself: true,
  look: ({ remarks }) =>
    remarks
      .filter(({ id }) => id === 'empty-peer-list')
      .map(({ path, text }) => ({
        path,
        text,
        next: 'Write {} as the one item for every pod of the namespace, or leave the field out.',
      })),
};
