import type { Check } from '../check.ts';

export const dailyCapReached: Check = {
  id: 'azure/daily-cap-reached',
  title: 'The workspace takes nothing in today',
  why: 'The daily cap of the Log Analytics workspace is reached: until the next day no log of the cluster is taken in, and what is lost meanwhile stays lost.',
  severity: 'warning',
  needs: ['workspace'],
  anyNetwork: true,
  look: ({ facts: { workspace } }) =>
    workspace?.value?.capReached ? [{ object: { kind: 'Workspace', name: workspace.value.name } }] : [],
  tell: (suspects, { facts: { workspace } }) => [
    {
      title: `workspace ${workspace?.value?.name} takes nothing in: its daily cap${cap(workspace?.value?.dailyCapGb)} is reached`,
      objects: suspects.map(({ object }) => object),
      evidence: [`dataIngestionStatus OverQuota, daily cap${cap(workspace?.value?.dailyCapGb)}`],
      reach: 'the logs pane',
      next: 'Find the table that grew (Usage), collect less of it, and raise the cap: az monitor log-analytics workspace update --quota GB',
    },
  ],
};

function cap(gigabytes: number | undefined): string {
  return gigabytes !== undefined && gigabytes > 0 ? ` of ${gigabytes} GB` : '';
}
