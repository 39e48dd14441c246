import { type HeldRight, type HeldRights, neededText } from '../../model/needed-right.ts';
import type { Right } from '../../model/right.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import type { ScreenLine } from '../LinesScreen.tsx';
import { createPage, type Page } from '../page.ts';
import { type Spans, span } from '../spans.ts';

/** A pane with the sources it lives on. */
type Room = { title: string; sources: RegExp };

/** Every source belongs to the pane that shows it first. */
const rooms: readonly Room[] = [
  {
    title: '1 Cluster',
    sources:
      /^(nodes|daemonSets|deployments|statefulSets|configMaps|leases|nodeNetworkConfigs|clusterSubnetStates|ciliumNodeConfigs|containerNetwork.*)$/,
  },
  { title: '2 Agents', sources: /^(pods|systemPods)$/ },
  {
    title: '3 Endpoints',
    sources: /^(ciliumEndpoints|ciliumEndpointSlices|ciliumIdentities|ciliumNodes|endpointSlices|services)$/,
  },
  { title: '4 Policies', sources: /[pP]olicies$|^ciliumCidrGroups$|^namespaces$/ },
  { title: '7 Timeline', sources: /^(events|replicaSets|controllerRevisions)$/ },
];

const features = {
  logs: 'Logs of containers',
  exec: 'Commands in agents',
  metrics: 'What agents count',
} as const;

export type ActionRights = { title: string; rights: readonly Right[] };

/** What one may, pane by pane and action by action, and which verb is missing where. */
export function rightsPage(
  { held, namespace }: HeldRights,
  actions: readonly ActionRights[],
  { columns, glyphs }: { columns: number; glyphs: Glyphs },
): readonly ScreenLine[] {
  const titles = [
    ...rooms,
    { title: 'Runbooks' },
    ...Object.values(features).map((title) => ({ title })),
    ...actions,
  ].map(({ title }) => title.length);
  const page = createPage(columns, Math.min(Math.max(...titles) + 2, columns - 24));
  const reading = held.filter(({ feature }) => feature === 'view');
  page.section('Looking', summary(reading));
  for (const { title, sources } of rooms)
    row(
      page,
      title,
      reading.filter(({ source }) => sources.test(source)),
      namespace,
      glyphs,
    );
  row(
    page,
    'Runbooks',
    reading.filter(({ source }) => source === ''),
    namespace,
    glyphs,
  );
  page.section('Asking containers', summary(held.filter(({ feature }) => feature in features)));
  for (const [feature, title] of Object.entries(features))
    row(
      page,
      title,
      held.filter((one) => one.feature === feature),
      namespace,
      glyphs,
    );
  const changes = actions.filter(({ rights }) => rights.length > 0);
  page.section('Changing', 'each only after :write and a confirmation');
  for (const { title, rights } of changes) {
    const needed = held.filter((one) => one.feature === 'write' && rights.some((right) => isOf(right, one)));
    const verbs = new Set(rights.map(({ verb }) => verb as string));
    const narrowed = needed.map((one) => ({
      ...one,
      missing: one.missing.filter((verb) => verbs.has(verb)),
      here: one.here.filter((verb) => verbs.has(verb)),
    }));
    row(page, title, narrowed, namespace, glyphs);
  }
  page.section('To be given more', '');
  page.prose(
    'ciliscope rbac --with logs,exec,metrics,write prints the roles; whoever administers the cluster applies them.',
  );
  return page.lines;
}

function isOf(right: Right, held: HeldRight): boolean {
  return (
    right.group === held.group &&
    right.plural === held.plural &&
    (right.subresource ?? '') === held.subresource &&
    (right.namespace ?? '') === held.namespace
  );
}

function summary(rights: readonly HeldRight[]): string {
  const lacking = rights.filter(({ missing, here }) => missing.length + here.length > 0).length;
  return lacking === 0 ? 'nothing is missing' : `${number(lacking)} of ${number(rights.length)} kinds are not whole`;
}

function row(page: Page, title: string, rights: readonly HeldRight[], namespace: string, glyphs: Glyphs): void {
  const missing = rights.filter((one) => one.missing.length > 0);
  const here = rights.filter((one) => one.here.length > 0);
  const all = missing.length === rights.length && rights.length > 0;
  const state: Spans =
    missing.length > 0
      ? [span(`${all ? glyphs.error : glyphs.warning} missing`, all ? 'error' : 'warning')]
      : here.length > 0
        ? [span(`${glyphs.warning} in ${namespace} only`, 'warning')]
        : [span(`${glyphs.ok} may`, 'ok')];
  page.field(title, state, { troubled: missing.length + here.length > 0 });
  for (const one of missing) page.prose(`missing: ${neededText(one.missing, one)}`, 'dim', 4);
  for (const one of here) page.prose(`in ${namespace} only: ${neededText(one.here, one)}`, 'dim', 4);
}
