import { describe, expect, it } from 'vitest';
import { readDraft } from '../../../src/model/policies/read-draft.ts';

const cnp = (name: string, more = '') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata:
  name: ${name}
${more}spec:
  endpointSelector: {}
`;

describe('what somebody edited, as policies', () => {
  it('several documents, comments, an empty one; a namespace only where none is written and the kind has one', () => {
    const text = `# mine\n${cnp('a')}---\n# nothing\n---\n${cnp('b', '  namespace: pay\n')}---
apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: all }
spec: { nodeSelector: {} }
`;
    const { objects } = readDraft(text, 'shop');
    expect(objects?.map(({ metadata }) => metadata)).toEqual([
      { name: 'a', namespace: 'shop' },
      { name: 'b', namespace: 'pay' },
      { name: 'all' },
    ]);
  });

  it('is none where reading it would hold the screen for long', () => {
    const text = `kind: CiliumCIDRGroup\nspec: {externalCIDRs: [${'1,'.repeat(1_000_000)}1]}\n`;
    expect(readDraft(text, 'shop')).toMatchObject({ objects: undefined, problem: 'It holds more than 100000 entries' });
  });

  it('is kept as written, whatever it is called', () => {
    const { objects } = readDraft(cnp('"a\\u202eb"'), 'shop');
    expect(objects?.[0]?.metadata).toEqual({ name: 'a\u202eb', namespace: 'shop' });
  });

  it('JSON, and the items of a list', () => {
    const list = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicyList',
      items: [{ metadata: { name: 'x' } }],
    };
    expect(readDraft(JSON.stringify(list), 'shop').objects).toEqual([
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'shop' } },
    ]);
  });

  it.each([
    ['a broken line', `${cnp('a')}  ingress: [\n`, 8, /./],
    ['a tab', 'kind: x\n\tmetadata: y\n', 2, /./],
    ['nothing at all', '# only words\n', 1, /There is no policy in it/],
    ['a list of words', '- a\n- b\n', 1, /no Kubernetes object/],
    ['no kind', 'apiVersion: v1\n', 1, /has no kind/],
    ['no name', `${cnp('a')}---\n${cnp('""')}`, 8, /has no metadata\.name/],
    ['no version', 'kind: NetworkPolicy\nmetadata: { name: a }\n', 1, /has no apiVersion/],
    [
      'a kind that is no policy',
      'apiVersion: v1\nkind: "Po\\e[31md"\nmetadata: { name: a }\n',
      1,
      /^Po[^\x1b]+ is no policy: what can be tried is Netw/,
    ],
    ['one policy twice', `${cnp('a')}---\n${cnp('a')}`, 1, /CiliumNetworkPolicy shop\/a is in it twice/],
    [
      'a bomb of aliases',
      `a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(9)}]\nc: &c [${'*b,'.repeat(9)}]\nd: [${'*c,'.repeat(9)}]\n`,
      1,
      /alias/,
    ],
    ['a nest without end', `${'['.repeat(20_000)}`, 1, /nested too deep/],
  ])('%s is told with its place', (_what, text, line, said) => {
    const read = readDraft(text, 'shop');
    expect(read).toMatchObject({ objects: undefined, line });
    expect(read.problem).toMatch(said);
  });
});
