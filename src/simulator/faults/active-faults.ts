import { UserError } from '../../errors.ts';
import type { ApiRequest, FaultAction, Intercept } from '../api/intercept.ts';
import type { AzureAsked, AzureIntercept } from '../azure/azure-fault.ts';
import type { Cluster } from '../cluster.ts';
import type { Fault, FaultOrder, Ground } from './fault.ts';
import { faults } from './index.ts';

type Active = {
  fault: Fault;
  order: FaultOrder;
  left: number;
  act?: Intercept;
  actOnAzure?: AzureIntercept;
  timer?: NodeJS.Timeout;
  end?: () => void | Promise<void>;
};

/** The faults in force. */
export type ActiveFaults = {
  intercept: Intercept;
  interceptAzure: AzureIntercept;
  /** Whether a fault of this id is in force: for those that somebody looks for rather than being struck by. */
  has(id: string): boolean;
  /** As `has`, and counts as one of the times it was ordered for. */
  take(id: string): boolean;
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

  const spend = (one: Active) => {
    one.left--;
    if (one.left <= 0) void end(one);
  };
  const collect = (act: (one: Active) => ReturnType<Intercept>): FaultAction[] => {
    const actions: FaultAction[] = [];
    for (const one of [...active]) {
      const found = act(one);
      const list = found === undefined ? [] : Array.isArray(found) ? found : [found as FaultAction];
      if (list.length === 0) continue;
      actions.push(...list);
      spend(one);
    }
    return actions;
  };

  return {
    intercept: (request) => collect((one) => (concerns(one, request) ? one.act?.(request) : undefined)),
    interceptAzure: (asked) => collect((one) => (concernsAzure(one, asked) ? one.actOnAzure?.(asked) : undefined)),
    has: (id) => active.some(({ order }) => order.id === id),
    take(id) {
      const one = active.find(({ order }) => order.id === id);
      if (one !== undefined) spend(one);
      return one !== undefined;
    },
    add(order) {
      const fault = faults.find((each) => each.id === order.id);
      if (fault === undefined)
        throw new UserError(`There is no fault "${order.id}".`, 'See `ciliscope simulate --list-faults`.');
      const one: Active = { fault, order, left: order.count ?? Number.POSITIVE_INFINITY };
      if (fault.intercept !== undefined) one.act = fault.intercept(order);
      if (fault.azure !== undefined) one.actOnAzure = fault.azure(order);
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
  return only === undefined || only === request.resource || only === `${request.resource}/${request.subresource}`;
}

function concernsAzure(one: Active, { verb, service, kind }: AzureAsked): boolean {
  const only = resourceOf(one)?.toLowerCase();
  if (only !== undefined && only !== service && only !== kind) return false;
  return one.order.verb === undefined ? (one.fault.verbs?.includes(verb) ?? true) : one.order.verb === verb;
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
