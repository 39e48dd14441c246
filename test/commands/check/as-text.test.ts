import { describe, expect, it } from 'vitest';
import { asText } from '../../../src/commands/check/as-text.ts';
import { width } from '../../../src/ui/text.ts';
import { type Given, given, judged } from '../../checks/given.ts';
import { now } from '../../checks/healthy-cluster.ts';

// However many checks and kinds there are: adding one must not mend these.
function print(what: Given, ascii = false, columns = 80): string {
  const judgement = judged(what);
  const { of } = judgement;
  return asText(judgement, given(what), { ascii, columns })
    .replaceAll(`${of} of ${of} checks`, 'NN of NN checks')
    .replaceAll(`${of - 1} of ${of} checks`, 'nn of NN checks')
    .replace(/\d+ of \d+ lists/, 'nn of NN lists')
    .replace(/^. not asked: .*\n/gm, '');
}
const broken: Given = {
  over: [
    "kind: Pod\nmetadata: { namespace: kube-system, name: cilium-1 }\nstatus: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <9m ago> }] }",
    'kind: Node\nmetadata: { name: np1-1 }\nspec: { taints: [{ key: node.cilium.io/agent-not-ready, effect: NoSchedule }] }',
  ],
  links: { leases: 'forbidden' },
};

describe('asText', () => {
  it('says what is wrong, since when, how far, why one thinks so and what to do', () => {
    expect(print(broken)).toBe(`test  k8s 1.34.2  nn of NN lists read

✖ 1 of 3 agents not ready
  error · agents/not-ready · for 9m · 1 node
    Pod kube-system/cilium-1 on np1-1: Running, not ready since 11:51Z (9m)
    └ 1 of 3 nodes tainted agent-not-ready (1 node)
  → Ask it: kubectl -n kube-system exec cilium-1 -c cilium-agent -- cilium-dbg
    status

Not looked at:
○ forbidden: list leases: agents/operator-without-leader

✖ 1 error · nn of NN checks looked
`);
  });

  it('counts the lists as the header does: of what the server has not, none is missing', () => {
    const what: Given = { links: { adminNetworkPolicies: 'missing' } };
    expect(asText(judged(what), given(what), { ascii: false, columns: 80 })).toMatch(/ (\d+) of \1 lists read\n/);
  });

  it('never calls clean what it did not look at', () => {
    // Metrics, a truth check and Azure: what they would tell may be wrong all the same.
    expect(print({})).toContain('● nothing wrong in what was asked · NN of NN checks looked\n');
    const whole = { ...judged({}), notAsked: [] };
    expect(asText(whole, given({}), { ascii: false, columns: 80 })).toContain('● nothing wrong · ');
    expect(print({ links: { leases: 'forbidden' } })).toContain(
      '○ nothing wrong in what could be looked at · nn of NN checks looked',
    );
  });

  it('names what has not stood long enough in the header’s words', () => {
    const object = { kind: 'Node', name: 'n' };
    const waiting = [{ id: 'a/a', title: 'a', object, count: 2, knownAt: now + 45_000 }];
    const text = (what: Given) =>
      asText({ ...judged(what), waiting }, given(what), { ascii: false, columns: 80 })
        .split('\n')
        .at(-2);
    expect(text({})).toMatch(/^◐ so far nothing · 2 suspects, known in 45s · \d+ of \d+ checks looked$/);
    expect(text(broken)).toMatch(/^✖ 1 error · 2 suspects, known in 45s · \d+ of/);
  });

  it('holds to the width and to ASCII where it must', () => {
    const text = print(broken, true, 40);
    expect(text).not.toMatch(/[^\n\x20-\x7e]/);
    const wide = text.split('\n').filter((line) => width(line) > 40 && !/^test {2}/.test(line));
    expect(wide).toEqual([]);
    expect(text).toContain('X 1 error - nn of NN checks looked');
  });
});
