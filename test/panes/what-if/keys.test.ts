import { expect, it } from 'vitest';
import type { Outcome } from '../../../src/actions/road.ts';
import { type DraftState, nothingYet, withApplied } from '../../../src/panes/what-if/draft-state.ts';
import { type Trial, whatIfKeys } from '../../../src/panes/what-if/keys.ts';
import type { Standing } from '../../../src/panes/what-if/standing.ts';

const standing: Standing = {
  key: 'CiliumNetworkPolicy|shop/db',
  ref: { kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'db' },
  way: 'remove',
  live: { metadata: { name: 'db' } },
  difference: [{ sign: '-', text: 'kind: CiliumNetworkPolicy' }],
  refused: '',
  hint: '',
  warnings: [],
};
const draft: DraftState = { ...nothingYet, phase: 'here', draft: { put: [], remove: [] } };
const outcome: Outcome = { outcome: 'verified', text: 'It is gone.', hint: '', kind: '', undo: undefined };

/** What `a` is offered as in the footer, and why it cannot be pressed. */
function offered(state: DraftState): { shown: boolean; why: string | undefined } {
  const trial = {
    props: { road: { refusal: () => undefined } },
    held: { store: { get: () => state } },
    standings: { at: 5, of: [standing] },
    unasked: '',
  } as unknown as Trial;
  const [found] = whatIfKeys(() => trial).filter(
    ({ keys, applies }) => keys.includes('a') && applies?.(undefined as never) !== false,
  );
  return { shown: found?.rank !== undefined, why: found?.unless?.(undefined as never) };
}

it('apply is offered until it is applied; then the key says what takes it back', () => {
  expect(offered(draft)).toEqual({ shown: true, why: undefined });
  expect(offered(withApplied(draft, standing.key, { outcome, at: 10, report: undefined }))).toEqual({
    shown: false,
    why: 'it is applied; :undo takes it back',
  });
});
