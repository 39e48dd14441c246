import type { AskedPort } from './asked-ports.ts';
import { portNames } from './direction-verdict.ts';
import type { EndpointClass } from './identities.ts';
import { NAMESPACE_KEY } from './labels.ts';
import { matchPorts } from './match-rule.ts';
import type { AppliedRule, PolicyIndex } from './policy-index.ts';
import type { Direction, Rule } from './rule.ts';
import { matchSelector, type Selector } from './selector.ts';

/** A set of classes: a bit each. Those of one namespace stand together, from the beginning of a word. */
export type ClassSet = Uint32Array;

/** Whom the policies of a class let through on a port, of all classes at once. */
export type AllowedSets = {
  /** The words of a namespace; none where it has no classes. */
  range(namespace: string): readonly [number, number];
  put(set: ClassSet, one: EndpointClass): void;
  has(set: ClassSet, one: EndpointClass): boolean;
  only(one: EndpointClass): ClassSet;
  /** Those of a namespace first. */
  members(set: ClassSet, first: string): readonly EndpointClass[];
  /** Whether nothing about a class itself is in doubt: only then sets speak of it. */
  isPlain(one: EndpointClass): boolean;
  /**
   * Equal sets are mostly one object. Undefined where the outcome may be unknown for some, or hangs on more than the class.
   * `among` = the same cluster with other policies.
   */
  allowed(subject: EndpointClass, direction: Direction, port: AskedPort, among?: PolicyIndex): ClassSet | undefined;
};

export function createAllowedSets(index: PolicyIndex): AllowedSets {
  const { classes } = index.identities;
  const byNamespace = Map.groupBy(classes, ({ namespace }) => namespace);
  const ranges = new Map<string, readonly [number, number]>();
  const places = new Map<EndpointClass, number>();
  const byPlace: EndpointClass[] = [];
  let words = 0;
  for (const [namespace, own] of byNamespace) {
    for (const [at, one] of own.entries()) {
      places.set(one, words * WORD + at);
      byPlace[words * WORD + at] = one;
    }
    const end = words + Math.ceil(own.length / WORD);
    ranges.set(namespace, [words, end]);
    words = end;
  }
  const everybody = new Uint32Array(words).fill(0xffff_ffff);
  const bySelector = new Map<string, ClassSet | undefined>();
  const byRule = new WeakMap<Rule, { number: number; set: ClassSet | undefined }>();
  let rules = 0;
  const bySignature = new Map<string, ClassSet>();

  function put(set: ClassSet, one: EndpointClass): void {
    const place = places.get(one) ?? 0;
    const word = place >>> 5;
    set[word] = (set[word] ?? 0) | (1 << (place & 31));
  }

  /** Undefined where it may be about a class that cannot be told. */
  function selected(selector: Selector): ClassSet | undefined {
    if (bySelector.has(selector.id)) return bySelector.get(selector.id);
    const where = selector.requirements.find(({ key, operator }) => key === NAMESPACE_KEY && operator === 'In');
    const among = (where?.values ?? ['']).flatMap((namespace) => index.classesOf(selector, namespace));
    const set = new Uint32Array(words);
    let certain = true;
    for (const one of among) {
      const match = matchSelector(selector, one.labels);
      if (match === 'yes') put(set, one);
      else if (match === 'unknown' && isPlain(one)) certain = false;
    }
    bySelector.set(selector.id, certain ? set : undefined);
    return certain ? set : undefined;
  }

  function peersOf(rule: Rule): { number: number; set: ClassSet | undefined } {
    const known = byRule.get(rule);
    if (known) return known;
    rules += 1;
    const found = { number: rules, set: findPeers(rule) };
    byRule.set(rule, found);
    return found;
  }

  function findPeers({ peers }: Rule): ClassSet | undefined {
    const set = new Uint32Array(words);
    for (const peer of peers) {
      if (peer.type === 'any') return everybody;
      if (peer.type === 'unknown') return undefined;
      // Addresses and names never mean pods where nothing says otherwise (domain §7.4).
      if (peer.type !== 'labels') continue;
      const some = selected(peer.selector);
      if (!some) return undefined;
      for (let word = 0; word < words; word++) set[word] = (set[word] ?? 0) | (some[word] ?? 0);
    }
    return set;
  }

  function matching(
    rules: readonly AppliedRule[],
    subject: EndpointClass,
    direction: Direction,
    { port, protocol }: AskedPort,
  ): readonly { number: number; set: ClassSet }[] | undefined {
    const names = portNames(index, 'ingress', subject, NOBODY);
    const found: { number: number; set: ClassSet }[] = [];
    for (const { rule, doubt } of rules) {
      if (rule.requires) return undefined;
      // Names of ports are those of whoever is connected to.
      if (direction === 'egress' && hasNames(rule)) return undefined;
      if (matchPorts(rule.ports, protocol, port, names).match === 'no') continue;
      const { number, set } = peersOf(rule);
      if (!set || doubt !== '' || rule.doubt !== '' || rule.authentication !== '') return undefined;
      found.push({ number, set });
    }
    return found;
  }

  function isPlain({ doubt, labels }: EndpointClass): boolean {
    return doubt === '' && labels.unknownPrefix === '';
  }

  return {
    put,
    only(one) {
      const set = new Uint32Array(words);
      put(set, one);
      return set;
    },
    members(set, first) {
      const [begin, end] = ranges.get(first) ?? [0, 0];
      const found: EndpointClass[] = [];
      const scan = (from: number, until: number) => {
        for (let word = from; word < until; word++)
          for (let bits = set[word] ?? 0; bits !== 0; bits &= bits - 1) {
            const one = byPlace[word * WORD + 31 - Math.clz32(bits & -bits)];
            if (one) found.push(one);
          }
      };
      scan(begin, end);
      scan(0, begin);
      scan(end, words);
      return found;
    },
    isPlain,
    range: (namespace) => ranges.get(namespace) ?? [0, 0],
    has(set, one) {
      const place = places.get(one) ?? 0;
      return ((set[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
    },
    allowed(subject, direction, port, among = index) {
      const { modes } = index.facts;
      if (modes.enforcement === 'never') return everybody;
      const { allow, deny, isolated, doubts } = among.applied(subject, direction);
      if (!isPlain(subject) || doubts.length > 0 || isolated === 'unknown') return undefined;
      const denying = matching(deny, subject, direction, port);
      const allowing = matching(allow, subject, direction, port);
      if (!denying || !allowing) return undefined;
      const letting = isolated === 'no' ? 'all' : allowing.map(({ number }) => number).join(',');
      const signature = `${letting}|${denying.map(({ number }) => number).join(',')}`;
      const known = bySignature.get(signature);
      if (known) return known;
      const set = new Uint32Array(words);
      for (const one of isolated === 'no' ? [{ set: everybody }] : allowing)
        for (let word = 0; word < words; word++) set[word] = (set[word] ?? 0) | (one.set[word] ?? 0);
      for (const one of denying)
        for (let word = 0; word < words; word++) set[word] = (set[word] ?? 0) & ~(one.set[word] ?? 0);
      if (bySignature.size >= mostKept) bySignature.clear();
      bySignature.set(signature, set);
      return set;
    },
  };
}

const WORD = 32;
/** Policies come and go for hours in a cluster whose classes stay. */
const mostKept = 4_000;

const NOBODY: Parameters<typeof portNames>[3] = {
  labels: { of: new Map(), unknownPrefix: '' },
  class: undefined,
  addresses: [],
  kind: 'pod',
  names: [],
  host: false,
};

function hasNames({ ports }: Rule): boolean {
  return ports !== 'all' && ports.some((one) => one.type === 'transport' && one.name !== '');
}
