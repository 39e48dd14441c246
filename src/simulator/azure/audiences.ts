export type Service = 'authority' | 'arm' | 'logs';

/** Hosts a token may be meant for, in all clouds (data-layer §4, domain §8.4); the path of the audience says nothing. */
const hosts: Readonly<Record<'arm' | 'logs', readonly string[]>> = {
  arm: [
    'management.azure.com',
    'management.core.windows.net',
    'management.usgovcloudapi.net',
    'management.core.usgovcloudapi.net',
    'management.chinacloudapi.cn',
    'management.core.chinacloudapi.cn',
  ],
  logs: [
    'api.loganalytics.io',
    'api.loganalytics.azure.com',
    'westus2.api.loganalytics.io',
    'api.loganalytics.us',
    'api.loganalytics.azure.us',
    'api.loganalytics.azure.cn',
  ],
};

/** Which of Azure's services a path belongs to: here all of them share one address. */
export function serviceOf(path: string): Service {
  if (/^\/+v1\//.test(path)) return 'logs';
  if (path === '/devicelogin') return 'authority';
  if (/^\/+[^/]+\/(oauth2|v2\.0|discovery)(\/|$)/i.test(path) && !/^\/+subscriptions\//i.test(path)) return 'authority';
  return 'arm';
}

/** `own` is the server's address: a cloud of its own has audiences of its own. */
export function isFor(service: 'arm' | 'logs', audience: string, own: string): boolean {
  if (!URL.canParse(audience)) return false;
  const { protocol, host } = new URL(audience);
  return protocol === 'https:' && (hosts[service].includes(host) || host === new URL(own).host);
}

/** The audience of a scope such as `https://management.azure.com//.default`: what stands before its last part. */
export function audienceOf(scope: string): string {
  const cut = scope.lastIndexOf('/');
  return cut < 8 ? scope : scope.slice(0, cut);
}
