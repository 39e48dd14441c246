// Long operations: they go on whoever asks, and say how far they are at an address of their own.
import { randomUUID } from 'node:crypto';
import { answerError, answerJson } from '../answers.ts';
import type { AzurePace } from '../azure-pace.ts';
import type { AzureAnswer } from '../route.ts';

export type Operation = {
  id: string;
  /** Resource it is about, and what it does to it: Creating, Updating, Upgrading … */
  resource: string;
  kind: string;
  caller: string;
  started: number;
  ends: number;
  state: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled';
  error?: { code: string; message: string };
};

export type OperationOrder = {
  resource: string;
  kind: string;
  caller: string;
  /** Called once, when it ends. */
  end(operation: Operation): void;
};

export type Operations = {
  begin(order: OperationOrder): Operation;
  /** The one that runs on this resource or on something beneath it. */
  running(resource: string): Operation | undefined;
  /** Ends now what runs; with an error, it fails. Returns how many. */
  finish(error?: { code: string; message: string }): number;
  cancel(operation: Operation): void;
  all(): readonly Operation[];
  /** The headers that send a client here. `api` is the version it asked with. */
  headers(operation: Operation, api: string): Record<string, string>;
  /** Its state (`operations/ID`) or its result (`operationresults/ID`). */
  answer(kind: string, id: string, resourceAnswer: (id: string) => AzureAnswer): AzureAnswer;
  close(): void;
};

type Options = {
  /** Where ARM is: `https://…`. */
  url(): string;
  subscription: string;
  location: string;
  pace: AzurePace;
  now(): number;
  /** Whether the next one to end shall fail. */
  fails(): { code: string; message: string } | undefined;
};

const keptOperations = 200;

export function createOperations({ url, subscription, location, pace, now, fails }: Options): Operations {
  const kept = new Map<string, Operation & { end?: OperationOrder['end']; timer?: NodeJS.Timeout }>();
  const running = () => [...kept.values()].filter((one) => one.state === 'InProgress');

  const settle = (id: string, state: Operation['state'], error?: Operation['error']) => {
    const operation = kept.get(id);
    if (operation?.state !== 'InProgress') return;
    clearTimeout(operation.timer);
    operation.state = state;
    operation.ends = now();
    if (error !== undefined) operation.error = error;
    operation.end?.(operation);
  };
  const complete = (id: string) => {
    const error = fails();
    settle(id, error === undefined ? 'Succeeded' : 'Failed', error);
  };

  return {
    begin({ resource, kind, caller, end }) {
      const started = now();
      const duration = pace.operationSeconds * 1000;
      const operation = {
        id: randomUUID(),
        ...{ resource, kind, caller, started, end },
        ends: started + duration,
        state: 'InProgress' as const,
      };
      const timer = setTimeout(() => complete(operation.id), duration);
      timer.unref();
      kept.set(operation.id, { ...operation, timer });
      const [oldest] = kept.keys();
      if (kept.size > keptOperations && oldest !== undefined) kept.delete(oldest);
      return operation;
    },
    running(resource) {
      const wanted = resource.toLowerCase();
      return running().find((one) => `${one.resource.toLowerCase()}/`.startsWith(`${wanted}/`));
    },
    finish(error) {
      const open = running();
      for (const { id } of open) {
        if (error === undefined) complete(id);
        else settle(id, 'Failed', error);
      }
      return open.length;
    },
    cancel: ({ id }) => settle(id, 'Canceled', { code: 'Canceled', message: 'The operation was canceled.' }),
    all: () => [...kept.values()].map(({ end: _end, timer: _timer, ...operation }) => operation),
    headers(operation, api) {
      const base = `${url()}/subscriptions/${subscription}/providers/Microsoft.ContainerService/locations/${location}`;
      const query = `?api-version=${api}`;
      return {
        'azure-asyncoperation': `${base}/operations/${operation.id}${query}`,
        location: `${base}/operationresults/${operation.id}${query}`,
        'retry-after': String(pace.pollSeconds),
      };
    },
    answer(kind, id, resourceAnswer) {
      const operation = kept.get(id);
      if (operation === undefined) {
        return answerError(404, 'NotFound', `The entity was not found. Operation ID: ${id}.`);
      }
      const isOpen = operation.state === 'InProgress';
      const wait: Record<string, string> = isOpen ? { 'retry-after': String(pace.pollSeconds) } : {};
      if (kind === 'operationresults') {
        if (isOpen) return { status: 202, headers: wait };
        return operation.state === 'Succeeded' ? resourceAnswer(operation.resource) : { status: 204 };
      }
      const { started, ends, state, error } = operation;
      const share = isOpen ? Math.min(99, Math.floor((100 * (now() - started)) / Math.max(1, ends - started))) : 100;
      return answerJson(
        200,
        {
          name: id,
          status: state,
          startTime: new Date(started).toISOString(),
          ...(isOpen ? {} : { endTime: new Date(ends).toISOString() }),
          percentComplete: state === 'Failed' ? undefined : share,
          ...(error === undefined ? {} : { error }),
        },
        wait,
      );
    },
    close() {
      for (const { timer } of kept.values()) clearTimeout(timer);
    },
  };
}
