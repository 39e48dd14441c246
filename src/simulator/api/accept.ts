import { ApiError } from '../api-error.ts';
import type { Feature } from './intercept.ts';

export type Form = {
  as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
  encoding: 'json' | 'yaml';
};

/**
 * The first form of an Accept header that this server speaks. Throws ApiError (406). Protobuf is not spoken: clients
 * that prefer it also name JSON.
 */
export function formOf(accept: string, lacks: (feature: Feature) => boolean): Form {
  if (accept.trim() === '') return { as: 'object', encoding: 'json' };
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((one) => one.trim());
    const as = parameters.find((one) => one.startsWith('as='))?.slice(3);
    const encoding = encodingOf(type);
    if (encoding === undefined) continue;
    if (as === undefined) return { as: 'object', encoding };
    if (as === 'Table' && !lacks('table')) return { as, encoding };
    if (as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as, encoding };
  }
  const offered = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';
  throw new ApiError(406, 'NotAcceptable', `406: Not Acceptable\n\nAvailable representations: ${offered}`, {});
}

function encodingOf(type: string): Form['encoding'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}
