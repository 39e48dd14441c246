import { describe, expect, it } from 'vitest';
import type { NeededRight } from '../../../src/model/needed-right.ts';
import { heldRights } from '../../../src/sources/kubernetes/held-rights.ts';

type Rule = { verbs: string[]; apiGroups: string[]; resources: string[]; resourceNames?: string[] };
type Body = {
  spec: { namespace?: string; resourceAttributes?: { verb: string; resource: string; namespace: string } };
};

/** A server by RBAC: `everywhere`, and in namespaces; `incomplete`: another authorizer also knows `besides`. */
function server(rules: Readonly<Record<string, Rule[]>>, besides: readonly string[] = [], incomplete = false) {
  const asked: string[] = [];
  return {
    asked,
    async json({ path, body }: { path: string; body?: string }) {
      const { spec } = JSON.parse(body ?? '{}') as Body;
      asked.push(path.split('/').at(-1) ?? '');
      if (path.endsWith('selfsubjectrulesreviews'))
        return {
          status: {
            resourceRules: [...(rules['everywhere'] ?? []), ...(rules[spec.namespace ?? ''] ?? [])],
            incomplete,
          },
        };
      const { verb = '', resource = '', namespace = '' } = spec.resourceAttributes ?? {};
      return { status: { allowed: besides.includes([verb, resource, namespace].filter(Boolean).join(' ')) } };
    },
  };
}

const pods: NeededRight = {
  ...{
    feature: 'view',
    verbs: ['get', 'list'],
    group: '',
    plural: 'pods',
    subresource: '',
    namespace: '',
    source: 'pods',
  },
};
const exec: NeededRight = { ...pods, feature: 'exec', verbs: ['get'], subresource: 'exec', namespace: 'kube-system' };
const reading = (resources: string[]): Rule => ({ verbs: ['get', 'list'], apiGroups: [''], resources });
const held = async (of: ReturnType<typeof server>, ...needed: readonly NeededRight[]) =>
  (await heldRights(of, needed, 'shop', new AbortController().signal)).held.map(({ missing, here }) => ({
    missing,
    here,
  }));

describe('what one may do', () => {
  it('everywhere, in one’s own namespace alone, or not at all', async () => {
    expect(await held(server({ everywhere: [reading(['pods'])] }), pods)).toEqual([{ missing: [], here: [] }]);
    expect(await held(server({ shop: [reading(['pods'])] }), pods)).toEqual([{ missing: [], here: ['get', 'list'] }]);
    expect(await held(server({ pay: [reading(['pods'])] }), pods)).toEqual([{ missing: ['get', 'list'], here: [] }]);
  });

  it('a right to pods is none to their exec, a star is one to all', async () => {
    expect(await held(server({ everywhere: [reading(['pods'])] }), exec)).toEqual([{ missing: ['get'], here: [] }]);
    expect(await held(server({ 'kube-system': [reading(['pods/exec'])] }), exec)).toEqual([{ missing: [], here: [] }]);
    const star = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
    expect(await held(server({ everywhere: [star] }), pods, exec)).toEqual([
      { missing: [], here: [] },
      { missing: [], here: [] },
    ]);
  });

  it('a rule about single objects is no right to the kind', async () => {
    const one = { ...reading(['pods']), resourceNames: ['web-0'] };
    expect(await held(server({ everywhere: [one] }), pods)).toEqual([{ missing: ['get', 'list'], here: [] }]);
  });

  it('what a list that is not whole lacks is asked for one by one', async () => {
    const azure = server({}, ['get pods', 'list pods', 'get pods kube-system'], true);
    expect(await held(azure, pods, exec)).toEqual([
      { missing: [], here: [] },
      { missing: [], here: [] },
    ]);
    expect(azure.asked.filter((path) => path === 'selfsubjectaccessreviews').length).toBe(3);
  });
});
