import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../../src/config.ts';
import { managedClusterPath } from '../../../src/model/azure/resource-id.ts';
import { createAuthority } from '../../../src/simulator/api/certificates.ts';
import type { FaultAction } from '../../../src/simulator/api/intercept.ts';
import type { AzureAsked } from '../../../src/simulator/azure/azure-fault.ts';
import { azurePlace, createLiveSettings, defaultAzureSettings } from '../../../src/simulator/azure/azure-settings.ts';
import { azureEnvironment, startAzure } from '../../../src/simulator/azure/start-azure.ts';
import { readCluster } from '../../../src/sources/azure/cluster-read.ts';
import { connectAzure } from '../../../src/sources/azure/connect-azure.ts';

/** The simulator's Azure with nothing living in it, our connection to it, and faults one by one. */
export async function startPlanAzure(operationSeconds = 0.3) {
  const folder = mkdtempSync(join(tmpdir(), 'ciliscope-plan-'));
  const ca = join(folder, 'ca.pem');
  const authority = await createAuthority();
  writeFileSync(ca, authority.ca);
  const faults: { of: (asked: AzureAsked) => boolean; action: FaultAction }[] = [];
  const whenPut: (() => void)[] = [];
  const isPut = ({ verb, kind }: AzureAsked) => verb === 'put' && kind === 'managedclusters';
  const failures: { code: string; message: string }[] = [];
  const azure = await startAzure({
    authority,
    settings: createLiveSettings(defaultAzureSettings(true)),
    pace: { operationSeconds, pollSeconds: 0 },
    now: Date.now,
    kubeconfig: () => '',
    operationFails: () => failures.shift(),
    intercept(asked) {
      if (isPut(asked)) whenPut.shift()?.();
      const index = faults.findIndex(({ of }) => of(asked));
      return index < 0 ? undefined : faults.splice(index, 1)[0]?.action;
    },
  });
  const env = { ...azureEnvironment(azure, ca), XDG_STATE_HOME: folder, HOME: folder };
  const config = readConfig({}, env, '0.0.0');
  const connection = connectAzure(config, env);
  return {
    azure,
    env,
    config,
    connection,
    stateDir: config.stateDir,
    /** The next writes of a cluster go wrong like this, in this order; a function is called at that moment. */
    failPut(...actions: readonly (FaultAction | (() => void))[]) {
      for (const action of actions) {
        if (typeof action === 'function') whenPut.push(action);
        else faults.push({ of: isPut, action });
      }
    },
    /** Somebody else changes a cluster, at once and without a trace in the log of requests. */
    change(resourceGroup: string, name: string, body: unknown) {
      const of = { subscription: azurePlace.subscription, resourceGroup, name };
      azure.subscription().answer({
        ...{ method: 'PUT', path: managedClusterPath(of), body: JSON.stringify(body), caller: 'somebody' },
        query: new URLSearchParams({ 'api-version': '2026-06-01' }),
        ...{ headers: { 'content-type': 'application/json' }, signal: new AbortController().signal },
      });
      azure.subscription().operations.finish();
    },
    fail: (of: (asked: AzureAsked) => boolean, action: FaultAction) => void faults.push({ of, action }),
    failOperation: (code: string, message: string) => void failures.push({ code, message }),
    target: (resourceGroup: string, name: string) => ({ subscription: azurePlace.subscription, resourceGroup, name }),
    async read(resourceGroup: string, name: string) {
      const target = { subscription: azurePlace.subscription, resourceGroup, name };
      return readCluster(connection, target, AbortSignal.timeout(10_000));
    },
    /** Writes of clusters that arrived, whatever was answered. */
    puts: () => azure.requests().filter(({ method, path }) => method === 'PUT' && path.includes('/managedClusters/')),
    async close() {
      await connection.close();
      await azure.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
export type PlanAzure = Awaited<ReturnType<typeof startPlanAzure>>;
