import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../errors.ts';
import type { AgentAnswers, AgentQuestion } from '../model/agent-says/agent-says.ts';
import { type Agent, agents } from '../model/agents.ts';
import type { Asks } from '../model/asks.ts';
import type { Change } from '../model/change.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import { refText } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { compareTruth } from '../model/truth/compare.ts';
import { nodeOfTarget } from '../model/truth/intended.ts';
import { rememberTruth } from '../model/truth/remember.ts';
import {
  type AgentSide,
  type Aspect,
  type Difference,
  differenceKey,
  type TruthResult,
  type TruthTarget,
  targetKey,
} from '../model/truth/truth.ts';

export type TruthOptions = {
  ask: Asks['agent'];
  known(): Snapshot;
  now(): number;
  deliver(changes: Change[]): void;
  /** Between the two looks at what differs: longer than slices and watches need to bring a change everywhere. */
  againMs?: number;
};

/** Nodes beside the target's own whose ipcache is looked at. */
const sampledNodes = { Pod: 3, Node: 3 } as const;
/** Where a version cannot tell all maps at once, at most so many are asked for one by one. */
const mostMaps = 12;

/** Runs one truth check after the other; each tells what it found as a fact. */
export function createTruthCheck(options: TruthOptions): Asks['truthCheck'] {
  const { known, now, deliver, againMs = 4_000 } = options;
  return async (target, signal) => {
    const before = known();
    const node = nodeOfTarget(before, target);
    if (node === '') throw notThere(before, target);
    const pod = target.kind === 'Pod' ? before.tables.pods.named(target.namespace, target.name) : undefined;
    if (pod?.hostNetwork) {
      throw new UserError(
        `${refText(target)} is of its node’s network: the agent has no endpoint for it.`,
        `Look at its node: :truth node ${node}`,
      );
    }
    const all = agents(before, now());
    const asking = createAsking(options.ask, known, signal);
    const own = all.find((agent) => agent.node === node);
    const sampled = sample(before, all, target, node);
    const look = async () => {
      const sides = await asking.sides(target, own, sampled);
      return compareTruth(known(), target, sides.own, sides.others, now());
    };
    const first = await look();
    const seen = new Set(first.differences.map(differenceKey));
    // Agents, watches and slices are never at the same moment: what is told stood at both looks.
    if (seen.size > 0) await sleep(againMs, undefined, { signal });
    const last = seen.size > 0 ? await look() : first;
    if (known().epoch !== before.epoch)
      throw new UserError('Another cluster is watched by now: nothing was concluded.');
    const result: TruthResult = {
      ...last,
      target,
      node,
      at: now(),
      sampled: sampled.map((agent) => agent.node),
      differences: last.differences.filter((each) => seen.has(differenceKey(each))).slice(0, mostDifferences),
      commands: asking.commands(),
    };
    const value = rememberTruth(known().facts.truth?.value, result);
    deliver([{ type: 'fact', fact: 'truth', value, at: now(), link: { phase: 'live', heard: now() } }]);
    return result;
  };
}

/** A node that has lost its mind differs in thousands. */
const mostDifferences = 500;

type Sides = { own: AgentSide | undefined; others: readonly AgentSide[] };

function createAsking(askAgent: Asks['agent'], known: () => Snapshot, signal: AbortSignal) {
  let commands = 0;
  // Who may not run commands is told so once, not for each of them.
  let refused = '';

  async function ask<Q extends keyof AgentAnswers>(agent: Agent, question: AgentQuestion<Q>): Promise<AgentAnswers[Q]> {
    if (refused !== '') throw new UserError(refused);
    commands += 1;
    try {
      return await askAgent(agent, question, signal);
    } catch (error) {
      if (error instanceof UserError && error.kind === 'forbidden') refused = error.what;
      throw error;
    }
  }

  /** Runs it, or writes down why it could not be. */
  async function part<T>(
    side: AgentSide & { missed: unknown[] },
    aspect: Aspect,
    run: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await run();
    } catch (error) {
      signal.throwIfAborted();
      side.missed.push({ aspect, reason: error instanceof UserError ? error.what : messageOf(error) } as never);
      return undefined;
    }
  }

  async function ownSide(agent: Agent, target: TruthTarget): Promise<AgentSide> {
    const missed: { aspect: Aspect; reason: string }[] = [];
    const side: AgentSide & { missed: typeof missed } = { node: agent.node, missed };
    // `endpoint get` knows one by its pod's name; older agents spell that name in other ways.
    const endpoints = await part(side, 'endpoint', () => ask(agent, 'endpoints'));
    const own = (endpoints ?? []).filter(
      (one) => target.kind === 'Node' || (one.namespace === target.namespace && one.pod === target.name),
    );
    const policyMaps =
      endpoints &&
      (await part(side, 'policy-map', () =>
        maps(
          agent,
          target,
          own.map(({ id }) => id),
        ),
      ));
    const ipcache = await part(side, 'ipcache', () => ask(agent, 'ipcache'));
    const services = await part(side, 'backends', () => ask(agent, 'services'));
    const encrypts = target.kind === 'Node' && ciliumConfig(known())['enable-wireguard'] === 'true';
    const encryption = encrypts && (await part(side, 'encryption', () => ask(agent, 'encryption')));
    const whole = target.kind === 'Node';
    const identities = whole && (await part(side, 'identities', () => ask(agent, 'identities')));
    const written = whole && (await part(side, 'maps', () => ask(agent, 'maps')));
    return {
      ...side,
      ...(identities && { identities }),
      ...(written && { maps: written }),
      ...(encryption && { encryption }),
      ...(endpoints && { endpoints }),
      ...(policyMaps && { policyMaps }),
      ...(ipcache && { ipcache }),
      ...(services && { services }),
    };
  }

  async function maps(agent: Agent, target: TruthTarget, ids: readonly number[]) {
    if (target.kind === 'Node') {
      const { maps: all } = await ask(agent, 'policy-maps');
      if (all !== undefined) return all;
    }
    const found = new Map<number, AgentAnswers['policy-map']>();
    for (const id of ids.slice(0, mostMaps)) {
      found.set(id, await ask(agent, ['policy-map', String(id)]));
    }
    return found;
  }

  async function otherSide(agent: Agent): Promise<AgentSide> {
    const missed: { aspect: Aspect; reason: string }[] = [];
    const side: AgentSide & { missed: typeof missed } = { node: agent.node, missed };
    const ipcache = await part(side, 'ipcache', () => ask(agent, 'ipcache'));
    return { ...side, ...(ipcache && { ipcache }) };
  }

  return {
    commands: () => commands,
    async sides(target: TruthTarget, own: Agent | undefined, sampled: readonly Agent[]): Promise<Sides> {
      // One command after the other: nobody who sits at the keys waits for this.
      const ownAnswer = own && (await ownSide(own, target));
      const others: AgentSide[] = [];
      for (const agent of sampled) others.push(await otherSide(agent));
      return { own: ownAnswer, others };
    },
  };
}

/** Other nodes whose agents are well: first those that differed before, then some of each pool. */
function sample(snapshot: Snapshot, all: readonly Agent[], target: TruthTarget, node: string): readonly Agent[] {
  const well = all.filter((agent) => agent.node !== node && agent.state === 'ready' && agent.pod !== undefined);
  const differed = new Set(
    (snapshot.facts.truth?.value?.results ?? [])
      .filter((one) => targetKey(one.target) === targetKey(target))
      .flatMap(({ differences }) => differences.map((each: Difference) => each.node)),
  );
  const pools = [...Map.groupBy(well, ({ pool }) => pool).values()];
  const mixed = Array.from({ length: well.length }, (_, turn) =>
    pools.flatMap((pool) => pool.slice(turn, turn + 1)),
  ).flat();
  const ordered = [
    ...mixed.filter((agent) => differed.has(agent.node)),
    ...mixed.filter((agent) => !differed.has(agent.node)),
  ];
  return ordered.slice(0, sampledNodes[target.kind]);
}

function notThere({ tables, links }: Snapshot, target: TruthTarget): UserError {
  const name = refText(target);
  const source = target.kind === 'Node' ? 'nodes' : 'pods';
  const phase = links.get(source)?.phase;
  if (phase !== 'live' && phase !== 'stale')
    return new UserError(`${name} is not known: ${source} are not read (${phase ?? 'connecting'}).`);
  const exists = target.kind === 'Pod' && tables.pods.named(target.namespace, target.name) !== undefined;
  return new UserError(exists ? `${name} is on no node yet.` : `There is no ${name} here.`);
}
