import type { DiagnosticSetting } from '../../model/azure/azure-facts.ts';
import type { Check } from '../check.ts';
import { managedCluster, suspectCluster } from './managed.ts';

export const auditLogsOff: Check = {
  id: 'azure/audit-logs-off',
  title: 'Nobody writes down who changed what',
  why: 'No diagnostic setting sends the audit log of Kubernetes to a workspace. Who deleted a policy can then be told only by whoever watched.',
  severity: 'note',
  needs: ['arm', 'armDiagnostics'],
  anyNetwork: true,
  look(snapshot) {
    const settings = snapshot.facts.armDiagnostics?.value ?? [];
    return suspectCluster(snapshot, () => !settings.some((setting) => isAudited(setting) && setting.workspace !== ''));
  },
  tell(suspects, snapshot) {
    const settings = snapshot.facts.armDiagnostics?.value ?? [];
    const elsewhere = settings.filter((setting) => isAudited(setting));
    const id = managedCluster(snapshot)?.id ?? '';
    return [
      {
        title:
          elsewhere.length > 0
            ? 'the audit log goes somewhere, but to no workspace'
            : 'the audit log of Kubernetes is not kept',
        objects: suspects.map(({ object }) => object),
        evidence:
          settings.length === 0
            ? ['no diagnostic setting']
            : settings.map(
                ({ name, categories, workspace }) =>
                  `${name}: ${categories.join(', ') || 'no category'} to ${workspace === '' ? 'elsewhere' : 'a workspace'}`,
              ),
        reach: 'the timeline',
        next: `az monitor diagnostic-settings create --name audit --resource ${id || 'CLUSTER'} --workspace WORKSPACE --export-to-resource-specific true --logs '[{"category":"kube-audit-admin","enabled":true}]'`,
      },
    ];
  },
};

/** kube-audit-admin is without reads, which is enough; the groups hold both. */
function isAudited({ categories }: DiagnosticSetting): boolean {
  return categories.some((category) => /^(kube-audit(-admin)?|allLogs|audit)$/i.test(category));
}
