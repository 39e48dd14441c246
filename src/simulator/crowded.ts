// What a client that asks for too much does to everybody else: the API server's fairness rules turn requests away.
import type { FaultAction, Intercept } from './api/intercept.ts';
import type { World } from './world/world.ts';

/** One request in so many is turned away; watches stand and are none of its business. */
const oneIn = 7;

export const tooMany = 'the server has received too many requests and has asked us to try again later';

export function crowded(world: World | undefined): Intercept {
  return (request): FaultAction | undefined => {
    if (world?.causes.busyClient === undefined || request.verb === 'watch' || request.index % oneIn !== 0)
      return undefined;
    return { kind: 'status', code: 429, reason: 'TooManyRequests', message: tooMany, retryAfterSeconds: 1 };
  };
}
