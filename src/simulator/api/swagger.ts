import type { ResourceType } from '../cluster.ts';
import { message } from './protobuf.ts';

/**
 * OpenAPI v2 in protobuf (gnostic's openapi_v2.proto), for kubectl up to 1.28, which asks nothing else whether a server
 * validates fields: each kind's patch with its options, and no more.
 */
export function swagger(resources: readonly ResourceType[], gitVersion: string): Buffer {
  const paths = resources.map((resource) =>
    message([2, message([1, pathOf(resource)], [2, message([8, patch(resource)])])]),
  );
  return message(
    [1, '2.0'],
    [2, message([1, 'Kubernetes'], [2, gitVersion])],
    [8, Buffer.concat(paths)],
    [9, message()],
  );
}

function patch({ group, version, kind }: ResourceType): Buffer {
  const options = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name): [number, Buffer] => {
    const query = message([2, 'query'], [4, name], [6, 'string']);
    return [8, message([1, message([2, message([3, query])])])];
  });
  const kindOf = `group: ${JSON.stringify(group)}\nkind: ${kind}\nversion: ${version}\n`;
  const extension = message([1, 'x-kubernetes-group-version-kind'], [2, message([2, kindOf])]);
  return message(...options, [13, extension]);
}

function pathOf({ group, version, plural, namespaced }: ResourceType): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`;
}
