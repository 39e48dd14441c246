import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, UserError } from '../errors.ts';
import { readEncryption } from '../model/agent-says/read-encryption.ts';
import { readEndpoints } from '../model/agent-says/read-endpoints.ts';
import { readIdentities } from '../model/agent-says/read-identities.ts';
import { readIpcache } from '../model/agent-says/read-ipcache.ts';
import { readMaps } from '../model/agent-says/read-maps.ts';
import { readPolicyMap, readPolicyMaps } from '../model/agent-says/read-policy-map.ts';
import { readServices } from '../model/agent-says/read-services.ts';
import { type Agent, agentContainer, agents } from '../model/agents.ts';
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
  exec: Asks['exec'];
  known(): Snapshot;
  now(): number;
  deliver(changes: Change[]): void;
  /** Between the two looks at what differs: longer than slices and watches need to bring a change everywhere. */
  againMs?: number;
};

/** Nodes beside the target's own whose ipcache is looked at. */
const sampledNodes = { Pod: 3, Node: 3 } as const;
const commandMs = 20_000;
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
    const asking = createAsking(options.exec, known, signal);
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

function createAsking(exec: Asks['exec'], known: () => Snapshot, signal: AbortSignal) {
  let commands = 0;
  // Who may not run commands is told so once, not for each of them.
  let refused = '';

  async function ask<T>(agent: Agent, args: readonly string[], read: (output: string) => T | undefined): Promise<T> {
    const what = `cilium-dbg ${args.join(' ')}`;
    if (refused !== '') throw new UserError(refused);
    if (agent.pod === undefined) throw new UserError(`there is no agent pod on ${agent.node}`);
    const target = { namespace: agent.pod.namespace, pod: agent.pod.name, container: agentContainer };
    commands += 1;
    try {
      const answer = await exec(target, ['cilium-dbg', ...args], commandMs, signal);
      if (answer.ended === 'time') throw new UserError(`${what}: no answer within ${commandMs / 1_000}s`);
      if (answer.ended === 'size') throw new UserError(`${what}: the answer is larger than 8 MB`);
      const said = answer.exitCode === 0 ? read(answer.stdout) : undefined;
      if (said !== undefined) return said;
      const [words = ''] = (answer.stderr || answer.stdout).trim().split('\n');
      throw new UserError(
        `${what}: ${answer.exitCode === 0 ? 'an answer in no known form' : `exit ${answer.exitCode}, ${words}`}`,
      );
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
    const endpoints = await part(side, 'endpoint', () => ask(agent, ['endpoint', 'list', '-o', 'json'], readEndpoints));
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
    const ipcache = await part(side, 'ipcache', () =>
      ask(agent, ['bpf', 'ipcache', 'list', '-o', 'json'], readIpcache),
    );
    const services = await part(side, 'backends', () => ask(agent, ['service', 'list', '-o', 'json'], readServices));
    const encrypts = target.kind === 'Node' && ciliumConfig(known())['enable-wireguard'] === 'true';
    const encryption =
      encrypts &&
      (await part(side, 'encryption', () => ask(agent, ['encrypt', 'status', '-o', 'json'], readEncryption)));
    const whole = target.kind === 'Node';
    const identities =
      whole && (await part(side, 'identities', () => ask(agent, ['identity', 'list', '-o', 'json'], readIdentities)));
    const written = whole && (await part(side, 'maps', () => ask(agent, ['map', 'list', '-o', 'json'], readMaps)));
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
      const all = await ask(agent, ['bpf', 'policy', 'get', '--all', '-n', '-o', 'json'], (output) => ({
        maps: readPolicyMaps(output),
      }));
      if (all.maps !== undefined) return all.maps;
    }
    const found = new Map<number, NonNullable<ReturnType<typeof readPolicyMap>>>();
    for (const id of ids.slice(0, mostMaps)) {
      found.set(id, await ask(agent, ['bpf', 'policy', 'get', String(id), '-n', '-o', 'json'], readPolicyMap));
    }
    return found;
  }

  async function otherSide(agent: Agent): Promise<AgentSide> {
    const missed: { aspect: Aspect; reason: string }[] = [];
    const side: AgentSide & { missed: typeof missed } = { node: agent.node, missed };
    const ipcache = await part(side, 'ipcache', () =>
      ask(agent, ['bpf', 'ipcache', 'list', '-o', 'json'], readIpcache),
    );
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
