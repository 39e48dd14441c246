import { randomUUID } from 'node:crypto';
import { actionOf } from './arm-path.ts';
import type { ArmRequest } from './arm-request.ts';
import type { Ground } from './ground.ts';
import type { Operation } from './operations.ts';

type Order = { resource: string; kind: string; title: string; end(state: Operation['state']): void };

/** Begins it, tells the activity log of its beginning and its end, and returns the headers that lead a client to it. */
export function beginOperation(ground: Ground, request: ArmRequest, order: Order): Record<string, string> {
  const { resource, kind, title, end } = order;
  const { caller } = request;
  const tell = {
    ...{ operation: actionOf(request.method, request.path), title, caller, resource },
    correlation: randomUUID(),
  };
  ground.activity.add({ ...tell, at: ground.now(), status: 'Started' });
  ground.activity.add({ ...tell, at: ground.now() + 1, status: 'Accepted' });
  const operation = ground.operations.begin({
    ...{ resource, kind, caller },
    end({ state, error }) {
      const status = state === 'Succeeded' ? 'Succeeded' : 'Failed';
      ground.activity.add({
        ...{ ...tell, at: ground.now(), status },
        ...(error === undefined ? {} : { message: error.message }),
      });
      end(state);
    },
  });
  return ground.operations.headers(operation, request.api);
}
