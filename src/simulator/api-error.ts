import { randomUUID } from 'node:crypto';

export type Cause = { reason: string; message: string; field?: string };

/** metav1.Status, as the server answers what it refuses. */
export type Status = {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: Cause[];
    retryAfterSeconds?: number;
  };
  code?: number;
};

/** A refusal with its Status: thrown anywhere below the server, answered at its top. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: Status['details']) {
    super(message);
    this.status = failure(code, reason, message, details);
  }
}

type Named = { group: string; plural: string };

export function failure(code: number, reason: string, message: string, details?: Status['details']): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === '' ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  };
}

export function notFound(resource: Named, name: string): ApiError {
  return new ApiError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));
}

export function alreadyExists(resource: Named, name: string): ApiError {
  return new ApiError(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

export function conflict(resource: Named, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new ApiError(409, 'Conflict', message, detailsOf(resource, name));
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, 'BadRequest', message);
}

/** A 422 in the words of field.ErrorList: one cause is told bare, several in brackets. */
export function invalid(kind: string, group: string, name: string, causes: readonly Cause[]): ApiError {
  const told = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = told.length === 1 ? told[0] : `[${told.join(', ')}]`;
  const shown = group === '' ? kind : `${kind}.${group}`;
  const details = { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind, causes: [...causes] };
  return new ApiError(422, 'Invalid', `${shown} "${name}" is invalid: ${list}`, details);
}

export function newUid(): string {
  return randomUUID();
}

/** `pods`, or `ciliumendpoints.cilium.io` outside the core group. */
function qualified(resource: Named): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

function detailsOf(resource: Named, name: string): NonNullable<Status['details']> {
  return { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural };
}
