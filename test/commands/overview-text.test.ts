import { describe, expect, it } from 'vitest';
import { overviewText } from '../../src/commands/overview-text.ts';
import { width } from '../../src/ui/text.ts';
import { type Given, given, judged } from '../checks/given.ts';
import { now } from '../checks/healthy-cluster.ts';

// However many checks there are: adding one must not mend these.
function print(what: Given, ascii = false, namespace = ''): string {
  const judgement = judged(what);
  const { of } = judgement;
  return overviewText(judgement, given(what), now, { ascii, namespace })
    .replaceAll(`${of} of ${of} checks`, 'NN of NN checks')
    .replaceAll(`${of - 1} of ${of} checks`, 'nn of NN checks');
}
const down: Given = {
  over: "kind: Pod\nmetadata: { namespace: kube-system, name: cilium-1 }\nstatus: { conditions: [{ type: Ready, status: 'False', lastTransitionTime: <9m ago> }] }",
  links: { leases: 'forbidden', ciliumNodeConfigs: 'missing' },
};

describe('overviewText', () => {
  it('shows verdict, findings with evidence, pools, organs, changes and what is not live', () => {
    const text = print(down);
    expect(text).toMatch(
      /^test +k8s 1.34.2 +cilium 1.18.6 .*12:00Z\n✖ 1 error · nn of NN checks looked\n── Wrong now · nn of NN/,
    );
    expect(text).toContain(
      '✖ 1 of 3 agents not ready\n  error · agents/not-ready · for 9m · 1 node\n    Pod kube-system/cilium-1 on np1-1',
    );
    expect(text).toMatch(/── Pools ─+ NODES ─+ AGENTS ─+ CNS ─+ STUCK K8S ─+ IMAGE ─/);
    expect(text).toMatch(/np1 +3\/3 ● +2\/3 ✖ +3\/3 ● +0 +1.34.2 +202610.18.0/);
    expect(text).toMatch(/ operator . .*dns ● 2\/2 .*tunnel ● 2\/2/);
    expect(text).toContain('── Not live ─');
    expect(text).toContain(' ○ leases: forbidden');
    expect(text).toContain(' ○ not installed: ciliumnodeconfigs');
  });

  it('says in the header’s words that nothing is wrong', () => {
    expect(print({})).toMatch(/── Wrong now · NN of NN checks looked ─+\n nothing wrong\n/);
  });

  it('tells the newest changes, and the first sign of a finding behind them', () => {
    const snapshot = given(down);
    const told = (minutes: number, name: string) => ({
      at: now - minutes * 60_000,
      what: 'event',
      object: { kind: 'Pod', namespace: 'kube-system', name },
      detail: `${minutes} minutes ago`,
      who: '',
      count: 1,
      live: false,
    });
    const newer = Array.from({ length: 12 }, (_, index) => told(1 + index / 2, `other-${index}`));
    const entries = [...newer, told(8, 'cilium-1'), told(9, 'cilium-1'), told(59, 'cilium-1')];
    const timeline = { ...snapshot.timeline, entries };
    const text = overviewText(judged(down), { ...snapshot, timeline }, now, { ascii: false, namespace: '' });
    expect(text).toContain('other-9');
    expect(text).not.toMatch(/other-10| 8 minutes ago|59 minutes ago/);
    expect(text).toMatch(/event +Pod cilium-1 +9 minutes ago/);
  });

  it('narrows what changed to a namespace, and says so; never the verdict', () => {
    const made = (namespace: string, ago: string) =>
      `kind: CiliumNetworkPolicy\nmetadata: { namespace: ${namespace}, name: deny-${namespace}, creationTimestamp: <${ago} ago> }\nspec: { endpointSelector: {}, ingress: [{}] }`;
    const over = `${down.over}\n---\n${made('shop', '9m')}\n---\n${made('pay', '5m')}`;
    const text = print({ over }, false, 'shop');
    expect(text).toMatch(/^test +ns:shop +k8s/);
    expect(text).toMatch(/── Changed in shop, newest first;[\s\S]*CNP shop\/deny-shop/);
    expect(changedOf(text)).not.toContain('pay/deny-pay');
    expect(text).toContain('✖ 1 of 3 agents not ready');
    expect(changedOf(print({ over }, false, 'empty'))).not.toContain('deny-shop');
  });

  it('says that our clock is off, in a line of its own', () => {
    const snapshot = given({});
    const off = { ...snapshot, cluster: { ...snapshot.cluster, skew: 600_000 } };
    expect(overviewText(judged({}), off, now, { ascii: false, namespace: '' }).split('\n')[1]).toBe(
      "▲ our clock 10m slow: every age here is by the server's",
    );
  });

  it.each([{}, down, { over: down.over ?? '', links: { nodes: 'forbidden' as const } }])(
    'fits 80 columns and holds no escape codes',
    (what) => {
      for (const ascii of [false, true]) {
        const text = print(what, ascii);
        expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
        expect(text.split('\n').filter((line) => width(line) > 80)).toEqual([]);
      }
    },
  );
});

function changedOf(text: string): string {
  return text.slice(text.indexOf('── Changed'));
}
