import type { Explains } from './check.ts';

/** What follows on a node where no new pod gets a network: pods that wait, and who waits for those. */
export const startsNoPods: readonly Explains[] = [
  { id: 'pods/stuck-creating', where: 'node' },
  { id: 'dns/not-ready', where: 'node' },
  { id: 'agents/relay-not-ready', where: 'node' },
  { id: 'backends/none-ready', where: 'node' },
  { id: 'backends/one-ready', where: 'node' },
];
