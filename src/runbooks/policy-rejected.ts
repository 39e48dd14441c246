import { count, names } from '../checks/words.ts';
import { type Agent, agentContainer, agents } from '../model/agents.ts';
import { clock } from '../model/clock.ts';
import { ciliumConfig } from '../model/cluster-mode.ts';
import { classifyLine } from '../model/log-patterns/classify-line.ts';
import { readLogLine } from '../model/log-patterns/read-log-line.ts';
import type { PolicyRow } from '../model/objects/others.ts';
import type { PolicyKind } from '../model/policies/rule.ts';
import { type ObjectRef, refText } from '../model/ref.ts';
import { sanitiseLine } from '../model/sanitise.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { agentRef, readLog } from './agent-on-node.ts';
import { findingsOf, mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import { namesOfAll } from './names-of-all.ts';
import type { Cause, LookAsks, Looked, Runbook, RunState } from './runbook.ts';

export const policyRejected: Runbook = {
  id: 'policy-rejected',
  title: 'A policy is not in force',
  says: 'Whether Cilium refuses a policy, for which mistake in it, and since when: its status, what the agents said when they read it, and what this program makes of it. Rules out a refusal; a policy that is taken may still not do what was meant (see :why).',
  from: [
    'policies/rejected',
    'policies/l7-without-acns',
    'policies/fqdn-without-acns',
    'policies/node-selector-not-enforced',
  ],
  target: {
    kinds: ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy'],
    suspects: (snapshot) => [
      ...findingsOf({ snapshot }, ['policies/rejected']).flatMap(({ objects }) => objects),
      ...invalid(snapshot).map(({ ref }) => ref),
    ],
  },
  steps: [
    {
      type: 'look',
      id: 'status',
      title: 'what the operator wrote into its status',
      decides: true,
      async look(state) {
        mustRead(state, ['networkPolicies', 'ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'], {
          noneIfMissing: ['ciliumNetworkPolicies', 'ciliumClusterwideNetworkPolicies'],
        });
        return status(state);
      },
    },
    {
      type: 'look',
      id: 'rules',
      title: 'what is wrong with it as it is written',
      skip: ({ target }) => (target === undefined ? 'no policy is suspected' : ''),
      async look(state, asks, signal) {
        return written(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'agents',
      title: 'what agents said when they read it',
      async look(state, asks, signal) {
        mustRead(state, ['nodes', 'systemPods', 'daemonSets']);
        return said(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'switched-off',
      title: 'whether what it needs is switched on',
      async look(state) {
        mustRead(state, ['configMaps']);
        return switches(state);
      },
    },
    {
      type: 'look',
      id: 'admission',
      title: 'whether the API server is told to refuse such policies',
      async look(_, asks, signal) {
        const bindings = await namesOfAll(
          asks,
          'admissionregistration.k8s.io',
          'validatingadmissionpolicybindings',
          signal,
        );
        const own = bindings.filter((name) => /advanced-networking/.test(name));
        if (own.length === 0)
          return nothingOf('no binding of advanced networking', 'ValidatingAdmissionPolicyBindings');
        const words = `${names(own)}: policies with L7 or FQDN rules are refused when they are applied, while ACNS security is off (AKS#4663)`;
        return { evidence: [seen(words, 'ValidatingAdmissionPolicyBindings')] };
      },
    },
    {
      type: 'tell',
      id: 'at-the-door',
      title: 'where a policy never arrived',
      text: () => [
        'A policy that is not in the cluster at all was refused by the API server: `kubectl apply` says by whom.',
        'On AKS `advanced-networking-validating-policy` refuses L7 and FQDN rules until ACNS security is on (az aks update --enable-acns).',
      ],
    },
  ],
};

function invalid(snapshot: Snapshot): readonly { ref: ObjectRef; row: PolicyRow }[] {
  return all(snapshot).filter(({ row }) => row.valid === 'False');
}

function all({ tables }: Snapshot): readonly { ref: ObjectRef; row: PolicyRow }[] {
  const of = (kind: string, rows: Iterable<PolicyRow>) =>
    [...rows].map((row) => ({
      ref: { kind, ...(row.namespace === '' ? {} : { namespace: row.namespace }), name: row.name },
      row,
    }));
  return [
    ...of('CiliumNetworkPolicy', tables.ciliumNetworkPolicies.rows.values()),
    ...of('CiliumClusterwideNetworkPolicy', tables.ciliumClusterwideNetworkPolicies.rows.values()),
    ...of('NetworkPolicy', tables.networkPolicies.rows.values()),
  ];
}

function status({ snapshot, target }: RunState): Looked {
  const source = 'status of the policies';
  const known = all(snapshot);
  if (target === undefined)
    return nothingOf(`none of ${count(known.length, 'policy', 'policies')} is said to be invalid`, source);
  const found = known.find(({ ref }) => refText(ref) === refText(target));
  if (found === undefined) return { evidence: [seen(`there is no ${refText(target)}`, source)] };
  const { row } = found;
  const last = row.edits.filter(({ subresource }) => subresource === '').at(-1);
  const by =
    last === undefined ? [] : [seen(`last written at ${clock(last.at)} by ${last.manager}`, 'managedFields', target)];
  if (row.valid !== 'False') {
    const words = row.valid === 'True' ? `${refText(target)}: Valid` : `${refText(target)} has no condition Valid`;
    return {
      evidence: [row.valid === 'True' ? speaksAgainst(words, source, target) : seen(words, source, target), ...by],
      value: row,
    };
  }
  const words = `${refText(target)}: not valid: ${row.validMessage}`;
  return {
    evidence: [speaksFor(words, source, target), ...by],
    causes: [rejectedCause(target, row.validMessage.replace(/^Invalid \w+ spec: /, ''), 'likely')],
    value: row,
  };
}

function rejectedCause(target: ObjectRef, reason: string, confidence: Cause['confidence'], next = ''): Cause {
  return {
    id: 'policy-rejected',
    text: `${refText(target)} is refused as a whole, and none of its rules is in force: ${reason}.`,
    confidence,
    objects: [target],
    next:
      next ||
      'Mend what is named and apply it again; until then neither what it allows nor the isolation it was to bring holds.',
  };
}

async function written({ target, found }: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  if (target === undefined) return nothingOf('no policy is suspected', 'policies');
  const ref = { kind: target.kind as PolicyKind, namespace: target.namespace ?? '', name: target.name };
  const report = await asks.policies.policy(ref, signal);
  if (report.inForce === 'yes') {
    const words = `in force; it selects ${report.selects < 0 ? 'pods that are not known' : count(report.selects, 'pod')}`;
    return { evidence: [speaksAgainst(words, 'policies', target)] };
  }
  const mistakes = report.findings.filter(
    ({ id }) => id === 'policies/rejected' || /without-acns|not-enforced/.test(id),
  );
  const lines = mistakes.map(({ path, text }) => speaksFor(`${path}: ${text}`, 'policies', target));
  const about = report.about.length === 0 ? [] : [seen(`it is about ${names(report.about)}`, 'policies', target)];
  if (report.inForce === 'unknown') return { evidence: [seen(report.why, 'policies', target), ...lines, ...about] };
  const [first] = mistakes;
  // Two who read it apart and come to the same.
  const agreed = found.get('status')?.causes?.length;
  const reason = first === undefined ? report.why : `${first.path}: ${first.text.replace(/^not in force: /, '')}`;
  const cause = rejectedCause(target, reason, agreed ? 'certain' : 'likely', first?.next);
  return {
    evidence: [...(lines.length > 0 ? lines : [speaksFor(report.why, 'policies', target)]), ...about],
    causes: [cause],
    value: mistakes.length > 0 && mistakes.every(({ id }) => /without-acns/.test(id)) ? 'acns' : undefined,
  };
}

/** Every agent reads every policy: two will do. */
async function said(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const chosen = agents(state.snapshot, state.now)
    .filter(({ state: how }) => how === 'ready')
    .slice(0, 2);
  if (chosen.length === 0) return { evidence: [seen('no agent is ready', 'pod status')] };
  const name = state.target?.name ?? '';
  const lines = (await Promise.all(chosen.map((agent) => refusalsIn(agent, asks, signal)))).flat();
  const own = lines.filter(({ line }) => name === '' || line.includes(`=${name} `) || line.includes(`"${name}"`));
  const where = `log of ${names(chosen.map(({ pod }) => pod?.name ?? ''))}`;
  if (own.length === 0) return nothingOf(name === '' ? 'no policy is refused' : `nothing against ${name}`, where);
  const row = readBy<PolicyRow>(state, 'status');
  // An old line may be about what the policy said before it was mended.
  const speaks = row?.valid === 'True' ? seen : speaksFor;
  const alike = [...Map.groupBy(own, ({ line }) => wordsOf(line))].slice(-3);
  return { evidence: alike.map(([words, [first]]) => speaks(words, where, first && agentRef(first.agent))) };
}

function wordsOf(line: string): string {
  const { message, error } = readLogLine(line);
  return sanitiseLine(error === '' ? message : `${message}: ${error}`, 400);
}

async function refusalsIn(
  agent: Agent,
  asks: LookAsks,
  signal: AbortSignal,
): Promise<readonly { line: string; agent: Agent }[]> {
  if (agent.pod === undefined) return [];
  const from = { namespace: agent.pod.namespace, pod: agent.pod.name, container: agentContainer, tailLines: 3_000 };
  const lines = await readLog(asks, from, signal);
  return lines
    .filter((line) => refusals.has(classifyLine(line, 'agent')?.pattern.row ?? 0))
    .map((line) => ({ line, agent }));
}

/** Rows of domain §5. */
const refusals: ReadonlySet<number> = new Set([19, 20, 21, 22, 23]);

function switches(state: RunState): Looked {
  const config = ciliumConfig(state.snapshot);
  const told = findingsOf(state, ['policies/l7-without-acns', 'policies/fqdn-without-acns'], state.target);
  const source = 'ConfigMap kube-system/cilium-config';
  const values = ['enable-l7-proxy', 'enable-node-selector-labels', 'enable-policy'].map(
    (key) => `${key}=${config[key] ?? 'not set'}`,
  );
  if (told.length === 0) return { evidence: [seen(values.join(', '), source)] };
  return {
    evidence: [seen(values.join(', '), source), ...told.map(({ title }) => speaksFor(title, 'checks'))],
    // Nothing is wrong with it but that.
    ruledOut: readBy(state, 'rules') === 'acns' ? ['policy-rejected'] : [],
    causes: told.map(({ title, objects, next }) => ({
      id: 'needs-acns',
      text: `${title}.`,
      confidence: 'certain',
      objects: objects.slice(0, 5),
      next,
    })),
  };
}
