import { UserError } from '../../errors.ts';
import type { ApiRequest, FaultAction, Intercept } from '../api/intercept.ts';
import type { Cluster } from '../cluster.ts';
import type { Fault, FaultOrder, Ground } from './fault.ts';
import { faults } from './index.ts';

type Active = {
  fault: Fault;
  order: FaultOrder;
  left: number;
  act?: Intercept;
  timer?: NodeJS.Timeout;
  end?: () => void | Promise<void>;
};

/** The faults in force. */
export type ActiveFaults = {
  intercept: Intercept;
  /** Throws UserError for an id that is in no list. */
  add(order: FaultOrder): void;
  clear(): Promise<void>;
  orders(): readonly FaultOrder[];
  /** The cluster with its containers' logs as the faults in force leave them. */
  logs(cluster: Cluster): Cluster['log'];
  /** What faults take hold of. Before it is given, only faults of requests may be added. */
  stand(ground: Ground): void;
};

export function createActiveFaults(): ActiveFaults {
  let active: Active[] = [];
  let ground: Ground | undefined;
  const waiting: Active[] = [];

  const end = async (one: Active) => {
    active = active.filter((each) => each !== one);
    clearTimeout(one.timer);
    await one.end?.();
  };
  const begin = (one: Active) => {
    if (ground === undefined) waiting.push(one);
    else one.end = one.fault.begin?.(ground, one.order) ?? (() => {});
  };

  return {
    intercept(request) {
      const actions: FaultAction[] = [];
      for (const one of [...active]) {
        if (one.act === undefined || !concerns(one, request)) continue;
        const found = one.act(request);
        const list = found === undefined ? [] : Array.isArray(found) ? found : [found as FaultAction];
        if (list.length === 0) continue;
        actions.push(...list);
        one.left--;
        if (one.left <= 0) void end(one);
      }
      return actions;
    },
    add(order) {
      const fault = faults.find((each) => each.id === order.id);
      if (fault === undefined)
        throw new UserError(`There is no fault "${order.id}".`, 'See `ciliscope simulate --list-faults`.');
      const one: Active = { fault, order, left: order.count ?? Number.POSITIVE_INFINITY };
      if (fault.intercept !== undefined) one.act = fault.intercept(order);
      if (order.seconds !== undefined) {
        one.timer = setTimeout(() => void end(one), order.seconds * 1000);
        one.timer.unref();
      }
      active.push(one);
      // A watch is asked for once and then lives for minutes: those that are open end, so that the next ones are struck.
      if (fault.intercept !== undefined && aboutWatches(one)) ground?.server.endWatches(resourceOf(one));
      if (fault.begin !== undefined) begin(one);
    },
    async clear() {
      await Promise.all(active.map(end));
    },
    orders: () => active.map((one) => one.order),
    logs: (cluster) => (pod, container, options) => {
      const one = active.find((each) => each.fault.log !== undefined);
      return one?.fault.log?.(options.signal) ?? cluster.log(pod, container, options);
    },
    stand(given) {
      ground = given;
      for (const one of waiting.splice(0)) if (active.includes(one)) begin(one);
    },
  };
}

function aboutWatches({ order, fault }: Active): boolean {
  return order.verb === undefined ? (fault.verbs?.includes('watch') ?? true) : order.verb === 'watch';
}

function concerns(one: Active, request: ApiRequest): boolean {
  const { verb } = one.order;
  if (
    verb !== undefined
      ? verb !== request.verb
      : one.fault.verbs !== undefined && !one.fault.verbs.includes(request.verb)
  )
    return false;
  const only = resourceOf(one);
  return only === undefined || only === request.resource;
}

function resourceOf({ order, fault }: Active): string | undefined {
  return order.resource ?? fault.resource;
}

/** `watch-closed,resource=pods,count=3` → an order. Throws UserError for what cannot be read. */
export function parseOrder(text: string): FaultOrder {
  const [id = '', ...pairs] = text.split(',');
  const fields = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  return readOrder({ id, ...fields });
}

/** An order from somebody else's data. Throws UserError for what cannot be read. */
export function readOrder(value: unknown): FaultOrder {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { id, verb, resource, count, seconds, ...rest } = given;
  const [stranger] = Object.keys(rest);
  if (typeof id !== 'string' || id === '')
    throw new UserError('A fault needs an id.', 'See `ciliscope simulate --list-faults`.');
  if (stranger !== undefined)
    throw new UserError(`A fault has no "${stranger}".`, 'It takes verb, resource, count and seconds.');
  return {
    id,
    ...(verb === undefined ? {} : { verb: String(verb) }),
    ...(resource === undefined ? {} : { resource: String(resource) }),
    ...(count === undefined ? {} : { count: positive('count', count, true) }),
    ...(seconds === undefined ? {} : { seconds: positive('seconds', seconds, false) }),
  };
}

function positive(name: string, value: unknown, whole: boolean): number {
  const number = Number(value);
  if (!(number > 0) || (whole && !Number.isInteger(number))) {
    throw new UserError(`The fault's ${name} is "${value}".`, `Give a ${whole ? 'whole ' : ''}number above 0.`);
  }
  return number;
}
