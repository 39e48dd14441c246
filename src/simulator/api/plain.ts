import { answerJson, answerText, type Exchange } from './exchange.ts';
import { answerOpenApi } from './open-api.ts';

/** Paths anybody may read, also without a token. */
export function isPublic(path: string): boolean {
  return /^\/(version|healthz|livez|readyz)(\/|$)/.test(path);
}

const checks = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/crd-informer-synced',
];

/** What is neither a resource nor discovery. False: the path is unknown. */
export async function answerPlain(exchange: Exchange): Promise<boolean> {
  const { path, query } = exchange.request;
  const health = /^\/(healthz|livez|readyz)$/.exec(path)?.[1];
  if (path === '/') {
    await answerJson(exchange, 200, { paths: pathsOf(exchange) });
  } else if (path === '/version' || path === '/version/') {
    await answerJson(exchange, 200, version(exchange.gitVersion));
  } else if (health !== undefined) {
    const lines = checks.map((check) => `[+]${check} ok\n`).join('');
    await answerText(exchange, 200, query.has('verbose') ? `${lines}${health} check passed\n` : 'ok');
  } else if (path.startsWith('/openapi/')) {
    return answerOpenApi(exchange);
  } else return false;
  return true;
}

function version(gitVersion: string): object {
  const [major = '1', minor = '34'] = gitVersion.replace(/^v/, '').split('.');
  return {
    major,
    minor,
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.24.9',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

function pathsOf(exchange: Exchange): string[] {
  const groups = new Set<string>();
  for (const { group, version } of exchange.cluster.store.resources()) {
    if (group === '') continue;
    groups.add(`/apis/${group}`);
    groups.add(`/apis/${group}/${version}`);
  }
  const others = ['/healthz', '/livez', '/openapi/v3', '/readyz', '/version'];
  return ['/api', '/api/v1', '/apis', ...[...groups].sort(), ...others];
}
