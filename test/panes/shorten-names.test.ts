import { expect, it } from 'vitest';
import { shortenNames } from '../../src/panes/shorten-names.ts';

const said = 'Pod kube-system/coredns-mlqqslttjn-prrmd on aks-np1-25554136-vmss000000: CrashLoopBackOff';

it.each([
  [120, said],
  [85, 'Pod kube-system/core…lqqslttjn-prrmd on aks-np1-25554136-vmss000000: CrashLoopBackOff'],
  [55, 'Pod kube-sy…-prrmd on aks-np1…000000: CrashLoopBackOff'],
  [20, 'Pod kube-sy…-prrmd on aks-np1…000000: CrashLoopBackOff'],
])('in %i columns', (columns, shown) => {
  expect(shortenNames(said, columns, '…')).toBe(shown);
});

it('cuts names of one list one way', () => {
  const nodes = [0, 2, 3].map((index) => `aks-np2-25562055-vmss00000${index}`).join(', ');
  expect(shortenNames(nodes, 70, '…')).toBe('aks-np2-255…vmss000000, aks-np2-255…vmss000002, aks-np2-255…vmss000003');
});

it('leaves prose alone', () => {
  expect(shortenNames('last words of mount-bpf-fs: operation not permitted', 10, '…')).toMatch(/not permitted$/);
});
