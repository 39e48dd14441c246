import { record, text } from '../../model/objects/raw.ts';
import type { Right } from '../../model/right.ts';
import type { ApiClient } from './api-client.ts';

/**
 * Which of these rights we do not have: neither everywhere nor where they are needed, which is `own` where they do not
 * say. Asks the server; changes nothing.
 */
export async function missingRights(
  client: Pick<ApiClient, 'json'>,
  rights: readonly Right[],
  own: string,
  signal: AbortSignal,
): Promise<readonly Right[]> {
  const answers = await Promise.all(
    rights.map(async (right) => {
      const there = right.namespace ?? own;
      return (await isAllowed(client, right, '', signal)) || (there !== '' && isAllowed(client, right, there, signal));
    }),
  );
  return rights.filter((_, index) => answers[index] === false);
}

/** As whom the server knows us; '' where it does not say (before Kubernetes 1.28). */
export async function whoAmI(client: Pick<ApiClient, 'json'>, signal: AbortSignal): Promise<string> {
  const answer = await review(client, 'authentication.k8s.io', 'SelfSubjectReview', {}, signal).catch(() => undefined);
  return text(record(record(record(answer)['status'])['userInfo'])['username']);
}

/** `namespace` '' = everywhere. */
export async function isAllowed(
  client: Pick<ApiClient, 'json'>,
  { verb, group, plural, subresource }: Omit<Right, 'verb'> & { verb: string },
  namespace: string,
  signal: AbortSignal,
): Promise<boolean> {
  const resourceAttributes = { verb, group, resource: plural, ...(subresource && { subresource }), namespace };
  const spec = { resourceAttributes };
  const answer = await review(client, 'authorization.k8s.io', 'SelfSubjectAccessReview', { spec }, signal);
  return record(record(answer)['status'])['allowed'] === true;
}

export function review(
  client: Pick<ApiClient, 'json'>,
  group: string,
  kind: string,
  more: object,
  signal: AbortSignal,
): Promise<unknown> {
  const plural = `${kind.toLowerCase()}s`;
  return client.json({
    verb: 'CREATE',
    resource: plural,
    path: `/apis/${group}/v1/${plural}`,
    method: 'POST',
    body: JSON.stringify({ apiVersion: `${group}/v1`, kind, ...more }),
    signal,
  });
}
