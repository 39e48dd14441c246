import { describe, expect, it } from 'vitest';
import { findScenario } from '../../../src/commands/find-scenario.ts';
import { readerWithoutRights } from '../../../src/simulator/api/access.ts';
import { combined } from '../../../src/simulator/scenarios/combined.ts';
import { scenarios } from '../../../src/simulator/scenarios/index.ts';
import type { Scenario } from '../../../src/simulator/scenarios/scenario.ts';

const size = { nodes: 3, pods: 9 };
const plain: Scenario = { id: 'plain', title: 'Plain.', nodes: 3, pods: 9, churn: 1 };
const none = { ...plain, id: 'none', world: 'none' } as const;

/** A value of each field that no other has: a field that is new in Scenario must be named here. */
const every: Required<Omit<Scenario, 'world'>> = {
  id: 'every',
  title: 'Every field.',
  nodes: 777,
  pods: 888,
  churn: 9.5,
  mode: 'byo',
  acns: true,
  wireguard: true,
  certificatesEnd: 12_345,
  azure: { tokenSeconds: 4_321 },
  operations: [{ ago: 654, operation: 'write', title: 'Update', by: 'person' }],
  agentVersion: 'v9.9.9',
  history: () => [{ ago: 321, happens: () => {} }],
  currentUser: () => ({ ...readerWithoutRights(), name: 'somebody' }),
  reader: () => ({ ...readerWithoutRights(), name: 'another' }),
};

const told = (value: unknown) => JSON.stringify(typeof value === 'function' ? value(size) : value);

describe('combined', () => {
  it.each(Object.keys(every) as (keyof typeof every)[])('keeps %s of one of them, first or last', (field) => {
    const own = { ...plain, [field]: every[field] };
    const marks = told(every[field]).replace(/^["[{]|["\]}]$/g, '');
    for (const pair of [
      [plain, own],
      [own, plain],
    ]) {
      const together = combined(pair, (why) => expect.unreachable(why));
      expect(told(together?.[field])).toContain(marks);
    }
  });

  it('knows every field that a scenario has', () => {
    const fields = new Set(scenarios.flatMap((scenario) => Object.keys(scenario)));
    expect([...fields].filter((field) => !(field in every) && !(field in none))).toEqual([]);
  });

  it.each([
    ['healthy+no-cilium', 'there is no Cilium in "no-cilium", and there is one in "healthy"'],
    ['no-cilium+byo', 'there is no Cilium in "no-cilium", and there is one in "byo"'],
    ['healthy+empty', 'nothing lives in "empty"'],
    ['byo+address-exhaustion', '"byo" and "address-exhaustion" each have a mode of their own'],
    ['forbidden+expired-credentials', '"forbidden" and "expired-credentials" each have a currentUser of their own'],
  ])('%s is refused', async (name, why) => {
    await expect(findScenario(name)).rejects.toThrow(`The scenarios of "${name}" do not go together: ${why}.`);
  });
});
