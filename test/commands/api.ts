import { readFileSync } from 'node:fs';
import { Agent, fetch } from 'undici';
import { parse } from 'yaml';

type Kubeconfig = {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { token: string } }[];
};

export type Api = (method: string, path: string, body?: unknown) => Promise<Record<string, never>>;

/** The API server of a kubeconfig, as the first of its users. A body is a merge patch or a whole object, by the method. */
export function api(kubeconfig: string): Api {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = clusters[0]?.cluster;
  const token = users[0]?.user.token;
  if (!cluster || !token) throw new Error(`${kubeconfig} has no cluster or no token`);
  const ca = Buffer.from(cluster['certificate-authority-data'], 'base64');
  const dispatcher = new Agent({ connect: { ca } });
  return async (method, path, body) => {
    const response = await fetch(cluster.server + path, {
      method,
      dispatcher,
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, never>;
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(answer)}`);
    return answer;
  };
}
