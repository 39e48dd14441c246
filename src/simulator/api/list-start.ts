import { ApiError, badRequest } from '../api-error.ts';
import { type Continue, readContinue } from './continue-token.ts';

/** Where a list begins, and of which version it is a picture. */
export type Start = Continue & { continued: boolean; ignoreLimit: boolean };

/** Throws ApiError: 400, 422 for options that mean nothing, 504 for a version of the future. */
export function startOf(query: URLSearchParams, current: number, prefix: string): Start {
  const asked = query.get('resourceVersion') ?? '';
  const matching = query.get('resourceVersionMatch') ?? '';
  const token = query.get('continue') ?? '';
  if (matching !== '' && asked === '')
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  if (matching === 'Exact' && asked === '0') {
    throw invalidOption(
      'resourceVersionMatch',
      'Forbidden',
      'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
  if (token !== '') {
    if (asked !== '' && asked !== '0')
      throw badRequest('specifying resource version is not allowed when using continue');
    const start = readContinue(token, prefix);
    return { ...start, version: start.version < 0 ? current : start.version, continued: true, ignoreLimit: false };
  }
  const version = parseVersion(asked, (why) => badRequest(`invalid resource version: ${why}`));
  if (version > current) throw tooLarge(version, current);
  // Without a match rule a limited list at a version means exactly that version.
  const exact = version > 0 && (matching === 'Exact' || (matching === '' && query.has('limit')));
  // Version 0 is answered from the cache, which knows no pages.
  return { version: exact ? version : current, after: '', continued: false, ignoreLimit: asked === '0' };
}

/** Throws what `refuse` makes of Go's words for a number that is none. */
export function parseVersion(text: string, refuse: (why: string) => ApiError): number {
  if (text === '') return 0;
  if (!/^\d+$/.test(text)) {
    const value = JSON.stringify(text);
    throw refuse(`resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`);
  }
  return Number(text);
}

function tooLarge(asked: number, current: number): ApiError {
  const details = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  };
  const message = `Timeout: Too large resource version: ${asked}, current: ${current}`;
  return new ApiError(504, 'Timeout', message, details);
}

export function versionForgotten(): ApiError {
  return new ApiError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
}

export function invalidOption(field: string, kind: 'Forbidden' | 'Required value', why: string): ApiError {
  const cause = {
    reason: kind === 'Forbidden' ? 'FieldValueForbidden' : 'FieldValueRequired',
    message: `${kind}: ${why}`,
    field,
  };
  const message = `ListOptions.meta.k8s.io "" is invalid: ${field}: ${cause.message}`;
  return new ApiError(422, 'Invalid', message, { group: 'meta.k8s.io', kind: 'ListOptions', causes: [cause] });
}
