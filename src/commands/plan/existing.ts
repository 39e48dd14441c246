import type { Config } from '../../config.ts';
import { UserError } from '../../errors.ts';
import { nameOfResource, partOf } from '../../model/azure/resource-id.ts';
import { record } from '../../model/objects/raw.ts';
import type { RawObject } from '../../model/objects/row.ts';
import type { DeploymentPlan, PlanTarget } from '../../model/plans/deployment-plan.ts';
import type { Existing } from '../../model/plans/existing-cluster.ts';
import type { AzureConnection } from '../../sources/azure/azure-connection.ts';
import { readCluster } from '../../sources/azure/cluster-read.ts';
import { findCluster, leadsToAzure } from '../../sources/azure/find-cluster.ts';
import { readKubeconfig, selectContext } from '../../sources/kubernetes/kubeconfig.ts';
import { clusterTraces } from '../cluster-traces.ts';
import type { Terminal } from '../command.ts';
import { readStream, readText } from '../policy/input-text.ts';
import { parseJson } from '../policy/state-folder.ts';
import { type ExistingOptions, planConfig } from './plan-options.ts';
import { runPlan } from './run-plan.ts';

export type Told = {
  /** What this plan asks of Azure besides the cluster; undefined where a file is read instead. */
  connection: AzureConnection | undefined;
  signal: AbortSignal;
  target: PlanTarget;
};

/** A plan about a cluster that is there: read whole from ARM, or from a file. */
export async function runExisting(
  options: ExistingOptions,
  terminal: Terminal,
  plan: (existing: Existing, told: Told) => Promise<DeploymentPlan> | DeploymentPlan,
): Promise<number> {
  const config = planConfig(options, terminal.env);
  const azVersion = options.azVersion ?? '';
  const { from } = options;
  if (from !== undefined && options.apply) {
    throw new UserError('--from and --apply exclude each other.', 'What is changed is read from ARM.');
  }
  const fromFile = from === undefined ? undefined : await readFile(from, terminal);
  return runPlan({
    ...{ options, config, terminal },
    asksAzure: fromFile === undefined,
    async look(connection, signal) {
      if (fromFile !== undefined) {
        const target = targetOf(fromFile);
        return {
          plan: await plan({ raw: fromFile, azVersion }, { connection, signal, target }),
          before: fromFile,
          etag: '',
        };
      }
      const azure = connection as AzureConnection;
      const target = await findTarget(azure, config, terminal, signal);
      const found = await readCluster(azure, target, signal);
      if (found === undefined) {
        throw new UserError(
          `There is no managed cluster ${target.name} in ${target.resourceGroup}.`,
          'See --cluster and --resource-group.',
        );
      }
      if (options.apply && found.etag === '') {
        throw new UserError(
          'ARM told no etag of the cluster: nobody could say whether it changed meanwhile.',
          'Use the az lines.',
        );
      }
      const { raw, etag } = found;
      return { plan: await plan({ raw, azVersion }, { connection, signal, target }), before: raw, etag };
    },
  });
}

/** As told, else the cluster to which the kubeconfig leads. */
async function findTarget(
  { arm }: AzureConnection,
  config: Config,
  { env }: Terminal,
  signal: AbortSignal,
): Promise<PlanTarget> {
  const host = config.azure.cluster === '' ? hostOf(config, env) : '';
  const byHost = { providerIds: [], host };
  // Behind a proxy or a tunnel the server has any name, and its nodes are asked whose they are.
  const traces = leadsToAzure(config.azure, byHost)
    ? byHost
    : await clusterTraces(config, env, signal, 'Or name it: --subscription, --resource-group and --cluster.');
  const id = await findCluster(arm, config.azure, traces, signal);
  return {
    subscription: partOf(id, 'subscriptions'),
    resourceGroup: decodeURIComponent(partOf(id, 'resourceGroups')),
    name: decodeURIComponent(nameOfResource(id)),
  };
}

function hostOf(config: Config, env: NodeJS.ProcessEnv): string {
  try {
    const { cluster } = selectContext(readKubeconfig(config, env), config.context);
    return new URL(cluster.server).hostname;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`Which cluster? ${error.what}`, 'Give --cluster and --resource-group, with --subscription.');
  }
}

async function readFile(file: string, terminal: Terminal): Promise<RawObject> {
  const text = file === '-' ? await readStream(terminal.stdin, 'stdin') : readText(file);
  const raw = record(parseJson(text, file === '-' ? 'stdin' : file));
  // `az aks show` spreads `properties` into the object, and ARM has it beside them.
  if (raw.properties !== undefined) return raw;
  const {
    id,
    name,
    type,
    location,
    tags,
    identity,
    sku,
    kind,
    extendedLocation,
    systemData,
    etag,
    eTag,
    ...properties
  } = raw;
  if (properties.networkProfile === undefined && properties.agentPoolProfiles === undefined) {
    throw new UserError(`${file} is no managed cluster.`, 'az aks show --output json prints one.');
  }
  const top = { id, name, type, location, tags, identity, sku, kind, extendedLocation, systemData, etag, eTag };
  return { ...Object.fromEntries(Object.entries(top).filter(([, value]) => value !== undefined)), properties };
}

function targetOf({ id, name }: RawObject): PlanTarget {
  const text = String(id ?? '');
  return {
    subscription: partOf(text, 'subscriptions'),
    resourceGroup: partOf(text, 'resourceGroups'),
    name: String(name ?? ''),
  };
}
