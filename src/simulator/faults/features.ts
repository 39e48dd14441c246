// Servers that lack what newer ones have.
import type { Feature } from '../api/intercept.ts';
import type { Fault } from './fault.ts';

export const featureFaults: readonly Fault[] = [
  without('watch-list', 'sendInitialEvents is refused, as before Kubernetes 1.32.'),
  without('aggregated-discovery', 'Discovery is answered in its old form, one document per group.'),
  without('bookmarks', 'Watches send no bookmarks.'),
  without('gzip', 'Answers are never compressed.'),
  without('table', 'Tables are not made: plain objects come instead.'),
];

function without(feature: Feature, title: string): Fault {
  return { id: `without-${feature}`, title, intercept: () => () => ({ kind: 'without', features: [feature] }) };
}
