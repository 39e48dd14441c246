// What a program that asks for too much leaves in the audit log: its requests, most of them turned away.
import type { BusyClient } from '../../world/causes.ts';
import type { Audited } from '../audited.ts';
import type { Observed } from '../observed.ts';

/** Of ten of its requests so many are answered. */
const answeredOfTen = 3;

/** In (from, to], oldest first, at most `budget`. */
export function* busyRequests({ scene }: Observed, from: number, to: number, budget: number): Generator<Audited> {
  const { busyClient } = scene.causes.now();
  if (busyClient === undefined) return;
  const everyMs = 1_000 / Math.max(0.01, busyClient.perSecond);
  const begun = Math.max(from, scene.causes.since('busyClient'), to - budget * everyMs);
  for (let turn = Math.ceil(begun / everyMs); turn * everyMs <= to; turn++) {
    yield request(busyClient, Math.floor(turn * everyMs), turn % 10 < answeredOfTen ? 200 : 429);
  }
}

function request({ user, userAgent, resource }: BusyClient, at: number, code: number): Audited {
  return {
    ...{ at, verb: 'list', code, userAgent },
    user: { username: user, groups: ['system:serviceaccounts', 'system:authenticated'] },
    sourceIps: ['10.224.0.9'],
    uri: `/api/v1/${resource}?resourceVersion=`,
    ref: { resource, namespace: '', name: '', apiGroup: '', apiVersion: 'v1', subresource: '' },
    request: undefined,
    response: undefined,
  };
}
