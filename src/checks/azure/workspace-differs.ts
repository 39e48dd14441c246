import { collectsContainers } from '../../model/azure/read-collection-rule.ts';
import { isSameResource, nameOfResource } from '../../model/azure/resource-id.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import type { Check } from '../check.ts';
import { managedCluster, suspectCluster } from './managed.ts';

export const workspaceDiffers: Check = {
  id: 'azure/workspace-differs',
  title: 'Logs go to more than one workspace',
  why: 'The add-on, the audit log and this program do not mean the same workspace. After a workspace was switched, its collection rule still sends flow logs to the old one; a query in one workspace then finds half of the story, or none.',
  severity: 'note',
  needs: ['arm', 'armDiagnostics'],
  // There may be none, or it may not be read: then the audit's workspace is still told.
  uses: ['workspace', 'armCollection'],
  anyNetwork: true,
  look: (snapshot) => suspectCluster(snapshot, () => elsewhere(snapshot).length > 0),
  tell(suspects, snapshot) {
    const own = managedCluster(snapshot)?.monitoring.workspace ?? '';
    const differing = elsewhere(snapshot);
    return [
      {
        title: differing[0] ?? '',
        objects: suspects.map(({ object }) => object),
        evidence: [`the add-on sends to ${own}`, ...differing],
        reach: 'the logs pane',
        next: 'Ask the other one with --workspace, or send all of it to one: the add-on’s data collection rule and the diagnostic settings each name theirs.',
      },
    ];
  },
};

function elsewhere(snapshot: Snapshot): string[] {
  const own = managedCluster(snapshot)?.monitoring.workspace ?? '';
  if (own === '') return [];
  const asked = snapshot.facts.workspace?.value?.id ?? '';
  const audits = (snapshot.facts.armDiagnostics?.value ?? []).filter(
    ({ workspace }) => workspace !== '' && !isSameResource(workspace, own),
  );
  const collected = (snapshot.facts.armCollection?.value ?? [])
    .filter(collectsContainers)
    .flatMap(({ name, workspaces }) =>
      workspaces.filter((workspace) => !isSameResource(workspace, own)).map((workspace) => ({ name, workspace })),
    );
  return [
    ...(asked !== '' && !isSameResource(asked, own)
      ? [`queries go to workspace ${nameOfResource(asked)}, the add-on sends to ${nameOfResource(own)}`]
      : []),
    ...collected.map(
      ({ name, workspace }) =>
        `collection rule ${name} sends to workspace ${nameOfResource(workspace)}, the add-on to ${nameOfResource(own)}`,
    ),
    ...audits.map(
      ({ name, workspace }) =>
        `diagnostic setting ${name} sends to workspace ${nameOfResource(workspace)}, the add-on to ${nameOfResource(own)}`,
    ),
  ];
}
