// The audit log of the API server, by a diagnostic setting: into AKSAudit and AKSAuditAdmin, or as text into the legacy
// AzureDiagnostics.
import type { RequestEntry } from '../../api/intercept.ts';
import { azurePlace, clusterId } from '../../azure/azure-settings.ts';
import { guidOf } from '../../azure/guid.ts';
import type { JournalEntry } from '../../world/journal.ts';
import { type Audited, audited, isRead } from '../audited.ts';
import type { TableName } from '../columns.ts';
import type { Observed } from '../observed.ts';
import { datetimeText, type Writer, type Written } from '../row.ts';
import { busyRequests } from './busy-client.ts';

/** A request is dated by its start and known of by its end. */
const longestMs = 60_000;
/** Objects beyond this are left out of the log, with AKS's words in their place. */
const mostCharacters = 20_000;

export function writeAudit(observed: Observed): Writer {
  const { journal, requests, settings } = observed;
  const told = new WeakSet<RequestEntry | JournalEntry>();
  return function* (from, to, budget) {
    const { audit } = settings.now();
    if (audit === 'none') return;
    const fresh = requests().filter((entry) => !told.has(entry) && Date.parse(entry.at) > from - longestMs);
    // Several things are written in one millisecond, and some of them after somebody has read.
    const written = journal.entries.filter((entry) => !told.has(entry) && entry.at >= from && entry.at <= to);
    for (const entry of [...fresh, ...written]) told.add(entry);
    const asked = [...audited(fresh, written), ...busyRequests(observed, from, to, budget)].slice(-budget);
    for (const [index, entry] of asked.entries()) {
      const key = `${entry.at} ${entry.uri} ${entry.user.username} ${from} ${index}`;
      if (audit === 'legacy') {
        yield legacyRow(entry, 'kube-audit', key);
        if (!isRead(entry)) yield legacyRow(entry, 'kube-audit-admin', key);
      } else {
        yield row(entry, 'AKSAudit', key);
        if (!isRead(entry)) yield row(entry, 'AKSAuditAdmin', key);
      }
    }
  };
}

function row(entry: Audited, table: TableName, key: string): Written {
  return {
    table,
    at: entry.at,
    key,
    batch: `audit ${Math.ceil(entry.at / 30_000)}`,
    by: 'resource',
    values: () => {
      const received = datetimeText(entry.at);
      return {
        AuditId: guidOf(`audit ${key}`),
        Level: isRead(entry) ? 'Metadata' : 'RequestResponse',
        PodName: 'kube-apiserver-6c7d9f5b8c-x7k2p',
        RequestUri: entry.uri,
        Stage: 'ResponseComplete',
        UserAgent: entry.userAgent,
        Verb: entry.verb,
        Annotations: annotations(entry),
        ObjectRef: entry.ref,
        RequestObject: small(entry.request),
        ResponseObject: small(entry.response),
        ResponseStatus: { metadata: {}, code: entry.code },
        SourceIps: entry.sourceIps,
        User: entry.user,
        RequestReceivedTime: received,
        StageReceivedTime: received,
      };
    },
  };
}

/** The event in Kubernetes' own shape, as text. */
function legacyRow(entry: Audited, category: string, key: string): Written {
  return {
    table: 'AzureDiagnostics',
    at: entry.at,
    key: `${category} ${key}`,
    batch: `audit ${Math.ceil(entry.at / 30_000)}`,
    by: 'resource',
    values: () => ({
      Category: category,
      OperationName: 'Microsoft.ContainerService/managedClusters/diagnosticLogs/Read',
      ResourceId: clusterId().toUpperCase(),
      Resource: azurePlace.cluster.toUpperCase(),
      ResourceGroup: azurePlace.resourceGroup.toUpperCase(),
      ResourceProvider: 'MICROSOFT.CONTAINERSERVICE',
      ResourceType: 'MANAGEDCLUSTERS',
      SubscriptionId: azurePlace.subscription,
      log_s: JSON.stringify({
        kind: 'Event',
        apiVersion: 'audit.k8s.io/v1',
        level: isRead(entry) ? 'Metadata' : 'RequestResponse',
        auditID: guidOf(`audit ${key}`),
        stage: 'ResponseComplete',
        requestURI: entry.uri,
        verb: entry.verb,
        user: entry.user,
        sourceIPs: entry.sourceIps,
        userAgent: entry.userAgent,
        objectRef: entry.ref,
        responseStatus: { metadata: {}, code: entry.code },
        requestObject: small(entry.request) ?? undefined,
        requestReceivedTimestamp: new Date(entry.at).toISOString(),
        annotations: annotations(entry),
      }),
      pod_s: 'kube-apiserver-6c7d9f5b8c-x7k2p',
      containerID_s: '',
      stream_s: 'stdout',
      ccpNamespace_s: '66b1f0d2c4a7e80001b5',
    }),
  };
}

function annotations({ code }: Audited): Record<string, string> {
  return { 'authorization.k8s.io/decision': code === 403 ? 'forbid' : 'allow', 'authorization.k8s.io/reason': '' };
}

function small(object: object | undefined): unknown {
  if (object === undefined) return null;
  return JSON.stringify(object).length > mostCharacters ? 'skipped-too-big-size-object' : object;
}
