import type { AzureAnswer } from '../route.ts';
import { ArmError } from './arm-error.ts';
import type { ArmPath } from './arm-path.ts';

export type ArmRequest = {
  method: string;
  path: ArmPath;
  /** api-version, as the client asked. */
  api: string;
  query: URLSearchParams;
  ifMatch: string;
  ifNoneMatch: string;
  body: string;
  caller: string;
};

export type ArmRoute = (request: ArmRequest) => AzureAnswer;

/** By method, namespace and shape: `GET microsoft.containerservice managedclusters/*`. */
export type ArmRoutes = Readonly<Record<string, ArmRoute>>;

/** The body as an object. Throws ArmError (400). */
export function bodyOf({ body }: ArmRequest): { [field: string]: unknown } {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as { [field: string]: unknown };
  } catch {
    // Told below.
  }
  throw new ArmError(
    400,
    'InvalidRequestContent',
    'The request content was invalid and could not be deserialized: a JSON object was expected.',
  );
}

/** One page of a list, with the address of the next one. `url` is where ARM is. */
export function pageOf<T>(items: readonly T[], request: ArmRequest, url: string, size: number) {
  const start = Number(Buffer.from(request.query.get('$skipToken') ?? '', 'base64url').toString() || 0);
  const value = items.slice(start, start + size);
  if (start + size >= items.length) return { value };
  const query = new URLSearchParams(request.query);
  query.set('$skipToken', Buffer.from(String(start + size)).toString('base64url'));
  return { value, nextLink: `${url}${request.path.id}?${query}` };
}
