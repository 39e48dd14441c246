import { agents } from '../../model/agents.ts';
import type { CiliumEndpointRow } from '../../model/objects/cilium-endpoint.ts';
import { slicesOf } from '../../model/objects/cilium-endpoint-slice.ts';
import type { PodRow } from '../../model/objects/pod.ts';
import type { PolicyRef } from '../../model/policies/rule.ts';
import type { ObjectRef } from '../../model/ref.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { settledMs } from '../../model/truth/intended.ts';
import { age, number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { agentLook, belowMinimum } from '../below-minimum.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { shortKind } from '../short-kind.ts';
import { span } from '../spans.ts';
import { agentView, mentionsView, openView, policyView, sliceView } from '../views.ts';

export type Isolating = { ingress: readonly PolicyRef[]; egress: readonly PolicyRef[]; at: number };
type Policies = { value: Isolating | undefined; problem: string };
type Sign = 'ok' | 'warning' | 'error' | 'unknown' | 'progress';
type Branch = (depth: number, sign: Sign, kind: string, name: string, said: string, more?: Partial<ScreenLine>) => void;

export function treePage(
  snapshot: Snapshot,
  { namespace, name }: { namespace: string; name: string },
  policies: Policies,
  columns: number,
  glyphs: Glyphs,
  now: number,
): ScreenLine[] {
  const { tables } = snapshot;
  const pod = tables.pods.named(namespace, name);
  if (pod === undefined) return [];
  const page = createPage(columns, 10);
  const branch = branches(page, glyphs);
  const running = pod.status === 'Running' && pod.ready;
  branch(
    0,
    running ? 'ok' : pod.status === 'Running' ? 'warning' : 'error',
    'Pod',
    `${namespace}/${name}`,
    podText(pod, now),
    at('Pod', namespace, name),
  );
  node(branch, snapshot, pod, now);
  if (pod.hostNetwork) {
    branch(1, 'ok', 'network', 'of its node', 'no endpoint, no identity of its own, no policy selects it');
  } else {
    endpoint(branch, snapshot, pod, now);
  }
  services(branch, snapshot, pod);
  if (!pod.hostNetwork) isolation(branch, policies);
  return page.lines;
}

function branches(page: Page, glyphs: Glyphs): Branch {
  return (depth, sign, kind, name, said, more = {}) => {
    page.line(
      [
        span('  '.repeat(depth)),
        span(`${glyphs[sign]} `, sign),
        span(kind.padEnd(12 - 2 * depth), 'dim'),
        span(name, depth === 0 ? 'strong' : undefined),
        span(said === '' ? '' : `  ${said}`, 'dim'),
      ],
      { ...more, troubled: sign === 'error' || sign === 'warning' },
    );
  };
}

function at(kind: string, namespace: string, name: string): Partial<ScreenLine> {
  const ref: ObjectRef = { kind, ...(namespace === '' ? {} : { namespace }), name };
  return { ref, target: openView(ref) };
}

function podText(pod: PodRow, now: number): string {
  const ready = pod.ready ? '' : ', not ready';
  return `${pod.status}${ready} · ${pod.ip || 'no address'} · ${age(now - pod.created)}`;
}

function node(branch: Branch, snapshot: Snapshot, pod: PodRow, now: number): void {
  if (pod.node === '') {
    branch(1, 'warning', 'Node', 'none', 'it is not scheduled');
    return;
  }
  const row = snapshot.tables.nodes.named('', pod.node);
  const ready = row?.ready === 'True';
  const said = row === undefined ? 'not known' : `${ready ? 'Ready' : 'not ready'} · ${row.internalIP}`;
  branch(1, row === undefined ? 'unknown' : ready ? 'ok' : 'error', 'Node', pod.node, said, at('Node', '', pod.node));
  const agent = agents(snapshot, now).find((one) => one.node === pod.node);
  if (agent === undefined) return;
  const { sign, word } = agentLook(agent, belowMinimum(snapshot));
  const more = {
    target: agentView(pod.node),
    ...(agent.pod && { ref: { kind: 'Pod', namespace: agent.pod.namespace, name: agent.pod.name } }),
  };
  branch(2, sign.glyph as Sign, 'agent', agent.pod?.name ?? 'none', `${word} · ${agent.version}`, more);
}

function endpoint(branch: Branch, { tables, links }: Snapshot, pod: PodRow, now: number): void {
  const { namespace, name } = pod;
  const found = tables.ciliumEndpoints.named(namespace, name);
  if (found === undefined) {
    const listed = links.get('ciliumEndpoints')?.phase === 'live';
    branch(
      1,
      listed ? 'error' : 'unknown',
      'endpoint',
      listed ? 'none' : 'not read',
      listed ? 'its agent has not written one' : '',
    );
    return;
  }
  const same = found.ip === pod.ip || found.ip6 === pod.ip;
  const said = [
    found.state || 'no state',
    endpointEnforces(found),
    same ? found.ip : `address ${found.ip}, the pod has ${pod.ip}`,
  ];
  branch(
    1,
    found.state === 'ready' && same ? 'ok' : 'warning',
    'endpoint',
    String(found.endpointId),
    said.join(' · '),
    at('CiliumEndpoint', namespace, name),
  );
  const identity = tables.ciliumIdentities.named('', String(found.identity));
  const others = tables.ciliumEndpoints.by('identity', String(found.identity)).length;
  const gone = identity === undefined && found.identity >= 256 && links.get('ciliumIdentities')?.phase === 'live';
  branch(
    2,
    gone ? 'error' : 'ok',
    'identity',
    String(found.identity),
    gone ? 'there is no CiliumIdentity of that number' : `of ${number(Math.max(1, others))} endpoints`,
    {
      target: mentionsView(String(found.identity)),
    },
  );
  if (links.get('ciliumEndpointSlices')?.phase !== 'live') return;
  const slices = slicesOf(tables.ciliumEndpointSlices, namespace, name);
  if (slices.length === 0 && tables.ciliumEndpointSlices.rows.size > 0) {
    const young = now - found.created < settledMs;
    const said = young ? 'not yet: the operator takes a while' : 'other nodes do not know this address';
    branch(2, young ? 'progress' : 'error', 'slice', 'in none', said, { target: { pane: 'slices' } });
  }
  for (const slice of slices) {
    const entry = slice.endpoints.find((one) => one.name === name);
    const agrees = entry?.identity === found.identity && entry.ip === found.ip && slices.length === 1;
    const says =
      entry && !agrees ? `says ${entry.ip}, identity ${entry.identity}` : `of ${slice.endpoints.length} endpoints`;
    branch(2, agrees ? 'ok' : 'error', 'slice', slice.name, says, {
      target: sliceView(slice.name),
      ref: { kind: 'CiliumEndpointSlice', name: slice.name },
    });
  }
}

function endpointEnforces({ ingressEnforced, egressEnforced }: CiliumEndpointRow): string {
  if (ingressEnforced && egressEnforced) return 'enforces both ways';
  return ingressEnforced ? 'enforces ingress' : egressEnforced ? 'enforces egress' : 'enforces nothing';
}

/** Services that send to it, by the EndpointSlices: a selector that matches is not enough. */
function services(branch: Branch, { tables, links }: Snapshot, pod: PodRow): void {
  if (links.get('endpointSlices')?.phase !== 'live') {
    branch(1, 'unknown', 'services', 'not read', '');
    return;
  }
  const found = new Map<string, { ready: boolean; ports: Set<string> }>();
  for (const slice of tables.endpointSlices.by('ip', pod.ip)) {
    const own = slice.endpoints.find((one) => one.ip === pod.ip);
    if (own === undefined || slice.service === '' || slice.namespace !== pod.namespace) continue;
    const known = found.get(slice.service) ?? { ready: own.ready, ports: new Set<string>() };
    for (const { port, protocol } of slice.ports) known.ports.add(`${port}/${protocol}`);
    found.set(slice.service, { ...known, ready: known.ready || own.ready });
  }
  if (found.size === 0) branch(1, 'ok', 'services', 'none', 'no EndpointSlice has it');
  for (const [name, { ready, ports }] of found) {
    const said = `${[...ports].join(', ')}${ready ? '' : ' · not ready: nothing is sent to it'}`;
    branch(1, ready ? 'ok' : 'warning', 'Service', name, said, at('Service', pod.namespace, name));
  }
}

function isolation(branch: Branch, { value, problem }: Policies): void {
  if (value === undefined) {
    if (problem === '') branch(1, 'progress', 'policies', 'being looked for', '');
    else branch(1, 'unknown', 'policies', 'not known', problem);
    return;
  }
  for (const direction of ['ingress', 'egress'] as const) {
    const refs = value[direction];
    const what = refs.length === 0 ? 'no policy isolates it' : `isolated by ${refs.length}`;
    branch(
      1,
      'ok',
      direction,
      what,
      refs.length === 0 ? 'everything is let through' : 'only what they allow is let through',
    );
    for (const ref of refs) {
      const { kind, namespace, name } = ref;
      const full = namespace === '' ? name : `${namespace}/${name}`;
      branch(2, 'ok', shortKind(kind), full, '', {
        target: policyView(ref),
        ref: { kind, ...(namespace === '' ? {} : { namespace }), name },
      });
    }
  }
}
