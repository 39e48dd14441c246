import { badRequest } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { listAt, textAt } from '../resources/cells.ts';

/** The container a request is about: the one named, or the only one there is. Throws ApiError (400). */
export function containerAsked(pod: KubeObject, asked: string, options: { orInit: boolean }): string {
  const { name } = pod.metadata;
  const containers = listAt(pod, 'spec', 'containers').map((one) => textAt(one, 'name'));
  const init = listAt(pod, 'spec', 'initContainers').map((one) => textAt(one, 'name'));
  if (asked !== '') {
    if (containers.includes(asked) || init.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${name}`);
  }
  const [only] = containers;
  if (containers.length === 1 && only !== undefined) return only;
  const inits = options.orInit && init.length > 0 ? ` or one of the init containers: [${init.join(' ')}]` : '';
  throw badRequest(
    `a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${inits}`,
  );
}
