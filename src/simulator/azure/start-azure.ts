// The simulated cluster's Azure: sign-in, Resource Manager and Log Analytics on one address of this machine.
import { randomBytes } from 'node:crypto';
import type { Authority } from '../api/certificates.ts';
import { type Listener, listen } from '../api/listener.ts';
import type { DatabaseTable } from '../kql/database.ts';
import type { World } from '../world/world.ts';
import { answerAzure } from './answer-azure.ts';
import type { PastOperation } from './arm/past-activity.ts';
import { createSubscription, type Subscription } from './arm/subscription.ts';
import { type Application, createAuthority } from './authority.ts';
import type { AzureIntercept } from './azure-fault.ts';
import type { AzureEntry } from './azure-log.ts';
import { type AzurePace, defaultPace } from './azure-pace.ts';
import { azurePlace, type LiveSettings } from './azure-settings.ts';
import { createDeviceCodes, type DeviceCodes } from './device-codes.ts';
import type { Route } from './route.ts';
import { createTokens } from './tokens.ts';

export type AzureOptions = {
  /** Whose certificate it shows. */
  authority: Authority;
  settings: LiveSettings;
  pace?: Partial<AzurePace>;
  /** Absent where none lives. */
  world?: World;
  /** What was done through ARM before. */
  story?: readonly PastOperation[];
  now(): number;
  /** What the cluster's user credentials are. */
  kubeconfig(): string;
  intercept: AzureIntercept;
  /** Whether a long operation that ends now shall fail, and with what. */
  operationFails(): { code: string; message: string } | undefined;
  /** Log Analytics, and the tables of its workspace. */
  logs?: { route: Route; tables(): readonly Pick<DatabaseTable, 'name' | 'plan' | 'columns'>[] };
};

export type Azure = Omit<Listener, 'port'> & {
  application: Application;
  settings: LiveSettings;
  pace: AzurePace;
  devices: DeviceCodes;
  subscription(): Subscription;
  /** Of the control plane, once somebody has asked ARM; until then nothing can have changed it. */
  version(): string | undefined;
  /** Every token that was issued up to now is over. */
  expireTokens(): void;
  /** The newest entries (bounded), oldest first. */
  requests(): readonly AzureEntry[];
  close(): Promise<void>;
};

const loggedRequests = 20_000;

/** Listens on 127.0.0.1. Nothing of Azure is made before it is asked for. */
export async function startAzure(options: AzureOptions): Promise<Azure> {
  const { settings, now, logs } = options;
  const pace = { ...defaultPace(), ...options.pace };
  const application = { id: 'e5a80c17-9b4f-4d26-8f03-6b1c7a2d94e8', secret: randomBytes(24).toString('base64url') };
  const stop = new AbortController();
  const entries: AzureEntry[] = [];
  let address = '';
  const url = () => address;
  const tokens = createTokens(url);
  const devices = createDeviceCodes(pace);
  const shown = now();
  let made: Subscription | undefined;
  const subscription = () => {
    made ??= createSubscription({
      ...{ url, settings, pace, now, world: options.world },
      kubeconfig: options.kubeconfig,
      operationFails: options.operationFails,
      story: options.story ?? [],
      shown,
      tables: () => logs?.tables() ?? [],
    });
    return made;
  };
  const setting = {
    ...{ url, tokens, intercept: options.intercept, logs: logs?.route, stopped: stop.signal },
    authority: createAuthority({ url, pace, application, tokens, devices }),
    arm: async (request) => subscription().answer(request),
    log(entry) {
      entries.push(entry);
      if (entries.length > loggedRequests * 1.1) entries.splice(0, entries.length - loggedRequests);
    },
  } satisfies Parameters<typeof answerAzure>[0];
  const listener = await listen(options.authority, 0, {
    request: (incoming, response) => void answerAzure(setting, incoming, response),
  });
  address = listener.url;
  return {
    ...listener,
    ...{ application, settings, pace, devices, subscription },
    version: () => made?.version(),
    expireTokens: tokens.expireAll,
    requests: () => entries,
    async close() {
      stop.abort();
      made?.close();
      await listener.refuse();
    },
  };
}

/** What tells a program of this project where this Azure is and who it is there. `ca` is a file. */
export function azureEnvironment(azure: Pick<Azure, 'url' | 'application'>, ca: string): Record<string, string> {
  return {
    AZURE_AUTHORITY_HOST: azure.url,
    AZURE_TENANT_ID: azurePlace.tenant,
    AZURE_CLIENT_ID: azure.application.id,
    AZURE_CLIENT_SECRET: azure.application.secret,
    CILISCOPE_AZURE_ARM: azure.url,
    CILISCOPE_AZURE_LOGS: azure.url,
    CILISCOPE_AZURE_CA: ca,
  };
}
