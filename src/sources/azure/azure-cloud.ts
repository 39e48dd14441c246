import type { AzureConfig } from '../../config.ts';

/** Where one cloud's services are, without a slash at the end, and for whom its tokens are made out. */
export type AzureCloud = {
  /** As people call it; the host of its authority where that is none of Microsoft's. */
  name: string;
  authority: string;
  arm: string;
  armScope: string;
  logs: string;
  logsScope: string;
};

/** The service a client speaks with: an address and a scope each. */
export type AzureApi = 'arm' | 'logs';

/**
 * The chosen cloud, with the addresses that were given instead of its own. Scopes stay the cloud's: an address of one's
 * own is a way to the same service. They are always told, because the clients forget them (ContainerServiceClient asks
 * for the public cloud's with any `cloudSetting`).
 */
export function azureCloud(config: Pick<AzureConfig, 'cloud' | 'authority' | 'arm' | 'logs'>): AzureCloud {
  const own = clouds[config.cloud];
  return {
    ...own,
    name: config.authority === '' ? own.name : nameOf(config.authority, own),
    authority: config.authority || own.authority,
    arm: config.arm || own.arm,
    logs: config.logs || own.logs,
  };
}

/** Log Analytics is asked at its own name; a token for the older audience (loganalytics.io) is good there, too (domain §8.4). */
const clouds: Readonly<Record<AzureConfig['cloud'], AzureCloud>> = {
  public: {
    name: 'public',
    authority: 'https://login.microsoftonline.com',
    arm: 'https://management.azure.com',
    armScope: 'https://management.azure.com/.default',
    logs: 'https://api.loganalytics.azure.com',
    logsScope: 'https://api.loganalytics.io/.default',
  },
  'us-government': {
    name: 'US Government',
    authority: 'https://login.microsoftonline.us',
    arm: 'https://management.usgovcloudapi.net',
    armScope: 'https://management.usgovcloudapi.net/.default',
    logs: 'https://api.loganalytics.us',
    logsScope: 'https://api.loganalytics.us/.default',
  },
  china: {
    name: 'China',
    authority: 'https://login.chinacloudapi.cn',
    arm: 'https://management.chinacloudapi.cn',
    armScope: 'https://management.chinacloudapi.cn/.default',
    logs: 'https://api.loganalytics.azure.cn',
    logsScope: 'https://api.loganalytics.azure.cn/.default',
  },
};

function nameOf(authority: string, own: AzureCloud): string {
  return authority === own.authority ? own.name : new URL(authority).host;
}
