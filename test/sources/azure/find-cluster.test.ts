import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import type { ArmClient } from '../../../src/sources/azure/arm-client.ts';
import { findCluster, leadsToAzure } from '../../../src/sources/azure/find-cluster.ts';

const one = 'aaaaaaaa-0000-0000-0000-000000000001';
const id = (group: string, name: string, subscription = one) =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
const clusters = [
  { group: 'prod', name: 'weu', nodes: 'MC_prod_weu_westeurope', fqdn: 'weu-1.hcp.westeurope.azmk8s.io' },
  {
    group: 'prod',
    name: 'neu',
    nodes: 'MC_prod_neu_northeurope',
    fqdn: '',
    privateFQDN: 'neu-2.privatelink.northeurope.azmk8s.io',
  },
  { group: 'test', name: 'weu', nodes: 'own-group', fqdn: 'weu-3.hcp.westeurope.azmk8s.io' },
].map(({ group, name, nodes, ...names }) => ({
  id: id(group, name),
  name,
  properties: { nodeResourceGroup: nodes, ...names },
}));

function armOf(list: readonly unknown[]) {
  const asked: string[] = [];
  const arm: ArmClient = {
    async send({ path, body }) {
      asked.push(`${path} ${JSON.stringify(body)}`);
      return { status: 200, headers: {}, body: { data: list } };
    },
    async list({ path }) {
      asked.push(path);
      return list;
    },
  };
  return { arm, asked };
}

const node = (group: string) =>
  `azure:///subscriptions/${one}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/s/virtualMachines/0`;

type Case = [name: string, flags: object, traces: { providerIds: string[]; host: string }, found: string];
const found: Case[] = [
  [
    'by the group of its nodes, in any case',
    {},
    { providerIds: [node('mc_PROD_weu_WESTEUROPE')], host: '10.0.0.1' },
    id('prod', 'weu'),
  ],
  [
    'by a group of its own choosing',
    {},
    { providerIds: [node('own-group')], host: 'tunnel.example' },
    id('test', 'weu'),
  ],
  ['by the name of its API server', {}, { providerIds: [], host: 'WEU-1.hcp.westeurope.azmk8s.io' }, id('prod', 'weu')],
  [
    'by its private name',
    {},
    { providerIds: [node('elsewhere')], host: 'neu-2.privatelink.northeurope.azmk8s.io' },
    id('prod', 'neu'),
  ],
  ['by the name that was given', { cluster: 'NEU' }, { providerIds: [], host: '' }, id('prod', 'neu')],
  ['by name and group', { cluster: 'weu', resourceGroup: 'TEST' }, { providerIds: [], host: '' }, id('test', 'weu')],
];
test.each(found)('%s', async (_name, flags, traces, expected) => {
  const { azure } = readConfig(flags, {}, '1');
  expect(await findCluster(armOf(clusters).arm, azure, traces, new AbortController().signal)).toBe(expected);
});

const notFound: Case[] = [
  [
    'none of them',
    {},
    { providerIds: [node('elsewhere')], host: 'x' },
    `This cluster is none of the 3 managed clusters you may read in subscription ${one}.`,
  ],
  [
    'no such name',
    { cluster: 'sea' },
    { providerIds: [], host: '' },
    'There is no managed cluster "sea" among the 3 you may read in any subscription.',
  ],
  [
    'a name twice',
    { cluster: 'weu' },
    { providerIds: [], host: '' },
    'Several managed clusters could be this one: weu in prod, weu in test.',
  ],
];
test.each(notFound)('%s: said, with what to give', async (_name, flags, traces, words) => {
  const { azure } = readConfig(flags, {}, '1');
  const search = findCluster(armOf(clusters).arm, azure, traces, new AbortController().signal);
  await expect(search).rejects.toThrow(words);
  await expect(search).rejects.toThrow('--subscription, --resource-group and --cluster');
});

describe('what is asked', () => {
  const nothing = { providerIds: [], host: '' };
  const signal = new AbortController().signal;

  test('nothing, where all three are given', async () => {
    const { arm, asked } = armOf([]);
    const { azure } = readConfig({ subscription: one, resourceGroup: 'a b', cluster: 'c/d' }, {}, '1');
    expect(await findCluster(arm, azure, nothing, signal)).toBe(
      `/subscriptions/${one}/resourceGroups/a%20b/providers/Microsoft.ContainerService/managedClusters/c%2Fd`,
    );
    expect(asked).toEqual([]);
  });

  test('the subscription of the nodes, or the one that was given', async () => {
    const { arm, asked } = armOf(clusters);
    await findCluster(arm, readConfig({}, {}, '1').azure, { providerIds: [node('own-group')], host: '' }, signal);
    expect(asked).toEqual([`/subscriptions/${one}/providers/Microsoft.ContainerService/managedClusters`]);
  });

  test('Resource Graph, where no subscription is known', async () => {
    const { arm, asked } = armOf(clusters);
    const host = 'weu-1.hcp.westeurope.azmk8s.io';
    await findCluster(arm, readConfig({}, {}, '1').azure, { providerIds: [], host }, signal);
    expect(asked[0]).toMatch(
      /^\/providers\/Microsoft\.ResourceGraph\/resources .*microsoft\.containerservice\/managedclusters/,
    );
  });
});

test.each([
  [['azure:///subscriptions/x'], '10.0.0.1', true],
  [[], 'a.hcp.westeurope.azmk8s.io', true],
  [[], 'a.hcp.chinaeast2.cx.prod.service.azk8s.cn', true],
  [[], 'a.hcp.usgovvirginia.cx.aks.containerservice.azure.us', true],
  [['aws:///eu-west-1a/i-1'], 'b.eks.amazonaws.com', false],
  [[], 'localhost', false],
])('%j at %s leads to Azure: %s', (providerIds, host, leads) => {
  expect(leadsToAzure(readConfig({}, {}, '1').azure, { providerIds, host })).toBe(leads);
});
