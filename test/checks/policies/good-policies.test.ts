import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { groundOf } from '../../../src/checks/policies/ground.ts';
import { lintAll } from '../../../src/checks/policies/linter.ts';
import type { RawObject } from '../../../src/model/objects/row.ts';
import { NEWEST } from '../../../src/model/policies/modes.ts';
import { createPolicyIndex } from '../../../src/model/policies/policy-index.ts';
import { readFacts } from '../../../src/model/policies/read-facts.ts';

type Good = { title: string; namespace?: string; needsConfig?: boolean; spec?: RawObject; specs?: RawObject[] };

const text = (name: string) => readFileSync(join(import.meta.dirname, 'good', `${name}.yaml`), 'utf8');
const cluster = parseAllDocuments(text('cluster')).map((document) => document.toJS() as RawObject);

function policiesOf(
  name: string,
  apiVersion: string,
  kind: string,
  namespace = '',
): [string, RawObject, RawObject[]][] {
  return (parse(text(name)) as Good[]).map(({ title, namespace: own = namespace, needsConfig, ...specs }, index) => {
    const metadata = { name: `${name}-${index}`, ...(own === '' ? {} : { namespace: own }) };
    return [`${kind}: ${title}`, { apiVersion, kind, metadata, ...specs }, needsConfig ? config : []];
  });
}

const config = cluster.filter(({ kind }) => kind === 'ConfigMap');

const good = [
  ...policiesOf('network-policies', 'networking.k8s.io/v1', 'NetworkPolicy', 'shop'),
  ...policiesOf('cilium-policies', 'cilium.io/v2', 'CiliumNetworkPolicy', 'shop'),
  ...policiesOf('clusterwide-policies', 'cilium.io/v2', 'CiliumClusterwideNetworkPolicy'),
];

/** What is said of the policies; that pods beside them stay open is said of namespaces. */
function said(objects: readonly RawObject[], version = NEWEST): string[] {
  const ground = groundOf(createPolicyIndex(readFacts(objects, { version, dialect: 'cilium' })));
  return lintAll(ground)
    .filter(({ object }) => object.kind !== 'Namespace')
    .map(({ lint: { id }, object, lapse: { path, text: words } }) => `${id} ${object.name} ${path}: ${words}`);
}

it('is a corpus, not a few examples', () => expect(good.length).toBeGreaterThanOrEqual(60));

describe('nothing is said of good policies', () => {
  it.each(good)('%s', (_title, policy, needed) => {
    expect({ alone: said([policy, ...needed]), inCluster: said([...cluster, policy]) }).toEqual({
      alone: [],
      inCluster: [],
    });
  });

  it('of all of them in files without a cluster', () => {
    // One and the same rule for the same pods in two kinds of policy is none of them wrong; twice in one kind would be.
    expect(said([...config, ...good.map(([, policy]) => policy)])).toEqual([]);
  });
});

it('the cluster would tell: each of these, broken, is found in it', () => {
  const broken = good.filter(([, policy]) => {
    const misspelt = JSON.parse(JSON.stringify(policy).replace(/"(fromEndpoints|toEndpoints|podSelector)":/, '"$1s":'));
    return JSON.stringify(misspelt) !== JSON.stringify(policy) && said([...cluster, misspelt]).length === 0;
  });
  expect(broken.map(([title]) => title)).toEqual([]);
});
