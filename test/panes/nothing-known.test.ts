import { expect, it } from 'vitest';
import type { Link, SourceId } from '../../src/model/link.ts';
import { nothingKnown } from '../../src/panes/nothing-known.ts';

const refused = (what: string): Link => ({ phase: 'forbidden', heard: 0, problem: `No permission: list ${what}.` });
const live: Link = { phase: 'live', heard: 1 };
const connecting: Link = { phase: 'connecting', heard: 0 };

it.each<[what: string, links: [SourceId, Link][], told: string | undefined]>([
  [
    'of many refusals that of the agents’ pods, whichever came first',
    [
      ['daemonSets', refused('daemonsets')],
      ['pods', refused('pods')],
      ['systemPods', refused('pods in kube-system')],
    ],
    'No permission: list pods in kube-system.',
  ],
  ['of one refusal that one', [['nodes', refused('nodes')]], 'No permission: list nodes.'],
  [
    'something was read',
    [
      ['pods', refused('pods')],
      ['nodes', live],
    ],
    undefined,
  ],
  [
    'an answer is still to come',
    [
      ['pods', refused('pods')],
      ['nodes', connecting],
    ],
    undefined,
  ],
  ['nothing was asked yet', [], undefined],
])('%s', (_what, links, told) => expect(nothingKnown(new Map(links))).toBe(told));
