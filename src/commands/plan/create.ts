import type { Command as Program } from 'commander';
import { planCreate } from '../../model/plans/create-cluster.ts';
import { lookBeforeCreate } from '../../sources/azure/look-before-create.ts';
import type { Command } from '../command.ts';
import { type CreateOptions, createInputOf } from './create-input-of.ts';
import { describePlan, planConfig } from './plan-options.ts';
import { runPlan } from './run-plan.ts';

/** A new cluster with Cilium, checked before it is made. */
export const create: Command = {
  name: 'create',
  summary: 'a new cluster with Cilium: names, ranges and versions checked, and the commands',
  describe(program: Program) {
    for (const [flags, says] of flagsOfCreate) program.option(flags, says);
    describePlan(program);
  },
  async run(_args, given, terminal) {
    const options = given as CreateOptions;
    const config = planConfig(options, terminal.env);
    const input = createInputOf(options, config.azure.subscription);
    return runPlan({
      ...{ options, config, terminal },
      asksAzure: options.apply === true,
      async look(connection, signal) {
        const found = connection && (await lookBeforeCreate(connection, input, signal));
        const plan = planCreate(found?.input ?? input);
        const problems = [...plan.problems, ...(found?.problems ?? [])];
        return { plan: { ...plan, problems }, before: undefined, etag: '' };
      },
    });
  },
};

const flagsOfCreate: readonly (readonly [string, string])[] = [
  ['--mode <mode>', 'overlay, pod-subnet, node-subnet or byo'],
  ['--name <name>', 'name of the cluster'],
  ['--resource-group <name>', 'its resource group'],
  ['--location <region>', 'region, as in westeurope'],
  ['--kubernetes-version <version>', '1.35, or 1.35.2 (default: what AKS takes)'],
  ['--lts', 'long-term support: tier premium'],
  ['--nodes <n>', 'nodes to begin with (default: 3)'],
  ['--max-nodes <n>', 'with the autoscaler, at the most so many'],
  ['--max-pods <n>', 'pods a node has room for'],
  ['--max-surge <n>', 'nodes that an upgrade adds: a number, or a percentage (default: 10%)'],
  ['--pool-name <name>', 'name of the first pool (default: nodepool1)'],
  ['--node-vm-size <size>', 'size of its machines'],
  ['--os-sku <sku>', 'Ubuntu, Ubuntu2404, AzureLinux …'],
  ['--pod-cidr <range>', 'range of the pods (overlay and byo)'],
  ['--service-cidr <range>', 'range of the services'],
  ['--dns-service-ip <address>', 'address of it that DNS has'],
  ['--ip-families <families>', 'ipv4, or ipv4,ipv6'],
  ['--vnet-name <name>', 'a network to be made'],
  ['--vnet-prefix <range>', 'its range'],
  ['--node-subnet-name <name>', 'its subnet of the nodes (default: nodesubnet)'],
  ['--node-subnet-prefix <range>', 'the range of that'],
  ['--pod-subnet-name <name>', 'its subnet of the pods (default: podsubnet)'],
  ['--pod-subnet-prefix <range>', 'the range of that'],
  ['--vnet-subnet-id <id>', 'a subnet for the nodes that is there'],
  ['--pod-subnet-id <id>', 'a subnet for the pods that is there'],
  ['--pod-ip-allocation <way>', 'dynamic, or static: blocks of 16 addresses'],
  ['--enable-acns', 'with Advanced Container Networking Services'],
  ['--enable-monitoring', 'with Container Insights'],
  ['--workspace-resource-id <id>', 'the workspace for that'],
  ['--windows', 'ask for Windows nodes, too'],
  ['--cilium-version <version>', 'byo: version of the chart'],
  ['--cilium-cluster-name <name>', 'byo: what Cilium calls the cluster'],
];
