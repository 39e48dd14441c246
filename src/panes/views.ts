// Where a pane can send one, by name: panes do not import each other.
import { type Direction, isPolicyKind, type PolicyRef } from '../model/policies/rule.ts';
import type { ObjectRef } from '../model/ref.ts';
import { targetText } from '../runbooks/named-target.ts';
import type { Runbook } from '../runbooks/runbook.ts';
import type { View } from '../ui/pane.ts';

export type ObjectTab = 'yaml' | 'describe' | 'events';

/** One object. `kind` may carry its group (`Deployment.apps`) where the kind alone is not enough. */
export function objectView(ref: ObjectRef, tab: ObjectTab): View {
  if (IN_AZURE.test(ref.kind)) return { pane: 'cluster' };
  return { pane: 'object', args: [ref.kind, ref.namespace ?? '', ref.name, tab] };
}

/** What Azure has and the API server does not: its resource types begin in lower case. */
const IN_AZURE = /^(ManagedCluster|AgentPool|Cluster)$|^[a-z]+[A-Z]/;

/** Where an object is told of best: a policy has a page of its own, anything else is described. */
export function openView(ref: ObjectRef): View {
  const { kind, namespace = '', name } = ref;
  return isPolicyKind(kind) ? policyView({ kind, namespace, name }) : objectView(ref, 'describe');
}

type Told = { object: ObjectRef; others?: readonly ObjectRef[]; owner?: ObjectRef };

/** What an entry of the timeline is about: its object; of several the pods of their workload, or all of their kind. */
export function changeView({ object, others, owner }: Told): View {
  if (others === undefined) return openView(object);
  if (owner !== undefined) return tableView(object.kind, '-n', owner.namespace ?? '', `/${owner.name}-`);
  const together = others.every(({ namespace }) => namespace === object.namespace);
  return tableView(object.kind, ...(together && object.namespace ? ['-n', object.namespace] : ['-A']));
}

/** A pod's log; container '' = the one container, or a choice when there are several. */
export function logView(namespace: string, pod: string, container = '', run: 'current' | 'previous' = 'current'): View {
  return { pane: 'log', args: [namespace, pod, container, run] };
}

/** Logs that can be read together, merged by time: `:logs agents`. */
export const logsTogether = ['agents', 'operator', 'cns'] as const;

/** `only` = of a node, a pool or a pod; `since` = `2h`. */
export function logsView(of: (typeof logsTogether)[number], only = '', since = ''): View {
  return { pane: 'together', args: [of, only, since] };
}

/** Any kind of the server by a word people use for it (`po`, `svc`, `ciliumendpoints`), with what kubectl would take after it. */
export function tableView(word: string, ...rest: readonly string[]): View {
  return { pane: 'table', args: [word, ...rest] };
}

/** A question to the logs: a saved one with its parameters (`denied-flows namespace=shop`), or a query; nothing = one to be written. */
export function queryView(...asked: readonly string[]): View {
  return { pane: 'query', args: asked };
}

/** Everything that mentions an address, a pod or an identity. */
export function mentionsView(query: string): View {
  return { pane: 'mentions', args: [query] };
}

/** What can be done to an object. */
export function actionsView({ kind, namespace = '', name }: ObjectRef): View {
  return { pane: 'actions', args: [kind, namespace, name] };
}

export function sliceView(name: string): View {
  return { pane: 'slice', args: [name] };
}

/** One agent, by its node. */
export function agentView(node: string): View {
  return { pane: 'agent', args: [node] };
}

/** A runbook, about the first of these objects that it can be about; without one it looks for what it is about by itself. */
export function runbookView({ id, target }: Pick<Runbook, 'id' | 'target'>, objects: readonly ObjectRef[]): View {
  const about = objects.find(({ kind }) => target?.kinds.includes(kind));
  return runbookAbout(id, ...(about === undefined ? [] : [about]));
}

/** One policy: its rules in sentences, whom it selects, what is wrong with it. */
export function policyView({ kind, namespace, name }: PolicyRef): View {
  return { pane: 'policy', args: [kind, namespace, name] };
}

/** May `from` talk to `to`? Ends as `NamedQuestion` has them, '' = to be asked for; the port `5432/TCP`, '' = its own. */
export function verdictView(from: string, to: string, port = ''): View {
  return { pane: 'verdict', args: [from, to, port] };
}

/** Who may open a connection to the end (`ingress`), or whom it may connect to (`egress`). */
export function reachView(end: string, direction: Direction = 'ingress'): View {
  return { pane: 'reach', args: [end, direction] };
}

/** What a change of a policy would do: `edit` begins in the editor, `delete` asks what becomes of the others without it. */
export function whatIfView(way: 'edit' | 'delete', { kind, namespace, name }: PolicyRef): View {
  return { pane: 'what-if', args: [way, kind, namespace, name] };
}

/** The same for a change that is proposed: `yaml` is whole objects, `what` says it in a sentence. */
export function proposalView(what: string, yaml: string): View {
  return { pane: 'what-if', args: ['mend', what, yaml] };
}

/** A runbook about exactly these objects; without an id, which runbooks there are for it. */
export function runbookAbout(id: string, ...targets: readonly ObjectRef[]): View {
  return { pane: 'runbook', args: [id, ...targets.map(targetText)] };
}
