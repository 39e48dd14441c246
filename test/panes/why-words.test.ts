import { describe, expect, it } from 'vitest';
import { whyWords } from '../../src/panes/why-words.ts';
import { frameOf } from './fixtures/frame.tsx';
import { policyAsks } from './fixtures/policies.ts';

const ends = async (typed: string) => ['shop/checkout', 'shop/db'].filter((end) => end.startsWith(typed));
const [why] = whyWords(policyAsks({ ends }));
const run = (typed: string) => {
  const frame = frameOf(80, 24);
  why?.run(typed.split(' ').filter(Boolean), frame);
  const [view] = frame.told.went;
  return view === undefined ? frame.told.flashes[0] : [view.pane, ...(view.args ?? [])];
};
const completed = (...typed: readonly string[]) => why?.complete?.(typed, new AbortController().signal);

describe(':why', () => {
  it('alone is all that is wrong, with a finding that finding, with ends the verdict on them', () => {
    expect(run('')).toEqual(['troubleshoot']);
    expect(run('agents/crash-looping')).toEqual(['why', 'agents/crash-looping']);
    expect(run('agents/crash-looping|Pod|kube-system|cilium-x')).toEqual([
      'why',
      'agents/crash-looping|Pod|kube-system|cilium-x',
    ]);
    expect(run('shop/checkout shop/db:5432')).toEqual(['verdict', 'shop/checkout', 'shop/db', '5432/TCP']);
    expect(run('shop/checkout')).toEqual(['verdict', 'shop/checkout', '', '']);
  });

  it('says what it cannot understand and goes nowhere', () => {
    expect(run('shop/checkout shop/db:http')).toMatch(/"http" is no port/);
  });

  it('completes ends, and no ports', async () => {
    expect(await completed('shop/ch')).toEqual(['shop/checkout']);
    expect(await completed('shop/checkout', 'shop/')).toEqual(['shop/checkout', 'shop/db']);
    expect(await completed('shop/checkout', 'shop/db:')).toEqual([]);
    expect(await completed('shop/checkout', 'shop/db:54')).toEqual([]);
  });
});
