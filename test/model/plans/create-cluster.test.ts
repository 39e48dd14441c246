import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { planCreate } from '../../../src/model/plans/create-cluster.ts';
import { type CreateWish, createInput } from './create-input.ts';

type Case = {
  name: string;
  with?: CreateWish;
  errors?: readonly (readonly [string, string])[];
  warnings?: readonly (readonly [string, string])[];
  /** One of the errors is enough. */
  any?: boolean;
};
const cases = parse(readFileSync(join(import.meta.dirname, 'create-cases.yaml'), 'utf8')) as readonly Case[];

describe('what a new cluster cannot be', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, { with: wish, errors = [], warnings = [], any }) => {
    const { problems } = planCreate(createInput(wish));
    const told = (severity: string) =>
      problems.filter((one) => one.severity === severity).map(({ where, text, hint }) => `${where}: ${text} ${hint}`);
    const found = told('error');
    if (any) {
      expect(found.length).toBeGreaterThan(0);
      expect(
        errors.some(([where, words]) => found.some((text) => text.includes(words) && text.startsWith(where))),
      ).toBe(true);
      return;
    }
    expect(found).toHaveLength(errors.length);
    for (const [index, [where, words]] of errors.entries()) {
      expect(found[index]).toContain(words);
      expect(found[index]?.startsWith(`${where}: `)).toBe(true);
    }
    for (const [where, words] of warnings) {
      expect(told('warning').some((text) => text.startsWith(where) && text.includes(words))).toBe(true);
    }
  });
});

describe('the commands of Microsoft’s guide, corrected', () => {
  const lines = (wish: CreateWish) =>
    planCreate(createInput(wish)).commands.map((line) => line.replaceAll(' \\\n  ', ' '));

  it('overlay', () => {
    expect(lines({ podCidr: '192.168.0.0/16' })).toEqual([
      'az group create --name rg1 --location westeurope',
      'az aks create --name aks1 --resource-group rg1 --location westeurope --network-plugin azure --network-plugin-mode overlay --pod-cidr 192.168.0.0/16 --network-dataplane cilium --generate-ssh-keys',
    ]);
  });

  it('pods in a subnet of their own', () => {
    const subscription = '00000000-1111-2222-3333-444444444444';
    const network = {
      name: 'vnet1',
      prefix: '10.128.0.0/12',
      nodeSubnet: { name: 'nodesubnet', prefix: '10.128.0.0/24' },
      podSubnet: { name: 'podsubnet', prefix: '10.129.0.0/16' },
    };
    const subnets = `/subscriptions/${subscription}/resourceGroups/rg1/providers/Microsoft.Network/virtualNetworks/vnet1/subnets`;
    const of = `--subscription ${subscription}`;
    expect(lines({ mode: 'pod-subnet', subscription, network })).toEqual([
      `az group create --name rg1 --location westeurope ${of}`,
      `az network vnet create --resource-group rg1 --location westeurope --name vnet1 --address-prefixes 10.128.0.0/12 -o none ${of}`,
      `az network vnet subnet create --resource-group rg1 --vnet-name vnet1 --name nodesubnet --address-prefixes 10.128.0.0/24 -o none ${of}`,
      `az network vnet subnet create --resource-group rg1 --vnet-name vnet1 --name podsubnet --address-prefixes 10.129.0.0/16 -o none ${of}`,
      `az aks create --name aks1 --resource-group rg1 --location westeurope ${of} --max-pods 250 --network-plugin azure --vnet-subnet-id ${subnets}/nodesubnet --pod-subnet-id ${subnets}/podsubnet --network-dataplane cilium --generate-ssh-keys`,
    ]);
  });

  it('pods in the nodes’ subnet', () => {
    expect(lines({ mode: 'node-subnet' }).at(-1)).toBe(
      'az aks create --name aks1 --resource-group rg1 --location westeurope --network-plugin azure --network-dataplane cilium --generate-ssh-keys',
    );
  });

  it('with monitoring from the start', () => {
    const workspace = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/logs';
    expect(lines({ mode: 'node-subnet', monitoring: true, workspace }).at(-1)).toBe(
      `az aks create --name aks1 --resource-group rg1 --location westeurope --network-plugin azure --network-dataplane cilium --enable-addons monitoring --workspace-resource-id ${workspace} --generate-ssh-keys`,
    );
  });

  it('BYO: no CNI, a pod range, and Helm with the values that work', () => {
    const told = lines({ mode: 'byo', podCidr: '10.10.0.0/16', byo: { ciliumVersion: '1.18.4' } });
    expect(told[1]).toBe(
      'az aks create --name aks1 --resource-group rg1 --location westeurope --network-plugin none --pod-cidr 10.10.0.0/16 --generate-ssh-keys',
    );
    expect(told.slice(2, 5)).toEqual([
      'az aks get-credentials --resource-group rg1 --name aks1',
      'helm repo add cilium https://helm.cilium.io/',
      'helm repo update',
    ]);
    expect(told[5]).toBe(
      'helm install cilium cilium/cilium --version 1.18.4 --namespace kube-system --set aksbyocni.enabled=true --set nodeinit.enabled=true --set cluster.name=aks1 --set \'ipam.operator.clusterPoolIPv4PodCIDRList={10.10.0.0/16}\' --set kubeProxyReplacement=true --set k8sServiceHost="$(az aks show --resource-group rg1 --name aks1 --query fqdn --output tsv)" --set k8sServicePort=443 --set ipv4.enabled=true --set ipv6.enabled=false',
    );
    expect(told.at(-1)).toContain('-l k8s-app=cilium');
  });

  it('BYO: what guides say otherwise is not in the values, and why is said beside them', () => {
    const { files } = planCreate(createInput({ mode: 'byo', podCidr: '10.10.0.0/16', name: 'Prod_1' }));
    const values = parse(files[0]?.text ?? '') as Record<string, unknown>;
    expect(values).toMatchObject({
      aksbyocni: { enabled: true },
      cluster: { name: 'prod-1' },
      kubeProxyReplacement: true,
      ipam: { operator: { clusterPoolIPv4PodCIDRList: ['10.10.0.0/16'] } },
      ipv4: { enabled: true },
      ipv6: { enabled: false },
    });
    expect(Object.keys(values)).not.toContain('azure');
    expect(Object.keys(values)).not.toContain('autoDirectNodeRoutes');
    expect(files[0]?.text).toContain('# No autoDirectNodeRoutes');
  });

  it('quotes what a shell would take apart', () => {
    expect(lines({ resourceGroup: 'rg (test)' })[0]).toBe("az group create --name 'rg (test)' --location westeurope");
  });
});

describe('the body', () => {
  it.each([
    [
      'overlay',
      {
        networkPlugin: 'azure',
        networkPluginMode: 'overlay',
        podCidr: '192.168.0.0/16',
        networkDataplane: 'cilium',
        networkPolicy: 'cilium',
      },
    ],
    ['node-subnet', { networkPlugin: 'azure', networkDataplane: 'cilium', networkPolicy: 'cilium' }],
    ['byo', { networkPlugin: 'none' }],
  ] as const)('%s', (mode, network) => {
    const { body } = planCreate(createInput({ mode }));
    expect(body).toMatchObject({
      location: 'westeurope',
      properties: { networkProfile: network, agentPoolProfiles: [{ count: 3, osType: 'Linux', mode: 'System' }] },
    });
    if (mode !== 'overlay') expect(JSON.stringify(body)).not.toContain('networkPluginMode');
  });
});
