/** One rule on the workspace's logs (scheduledQueryRules), before it is written as ARM wants it. */
export type LogRule = {
  id: string;
  title: string;
  /** 0 critical to 4 verbose. */
  severity: number;
  /** KQL that returns a row for each thing that is wrong. Time is given by the window. */
  query: string;
  /** Rows above this fire. */
  above: number;
  windowMinutes: number;
  everyMinutes: number;
  /** Columns by which alerts are told apart. */
  by: readonly string[];
};

/** One rule on managed Prometheus (prometheusRuleGroups). */
export type MetricRule = {
  id: string;
  title: string;
  severity: number;
  expression: string;
  forMinutes: number;
  /** Needs metrics that managed Prometheus keeps only when told to (domain §0, row 13). */
  custom: boolean;
};

export type AlertWishes = {
  /** Namespaces whose denied flows count; empty = all but kube-system. */
  namespaces: readonly string[];
  /** Denied flows in 15 minutes that are still normal. */
  baseline: number;
  flowTable: string;
};

/** Domain §8.5 (a) to (g), on logs. */
export function logRules({ namespaces, baseline, flowTable }: AlertWishes): readonly LogRule[] {
  const names = namespaces.map((name) => `"${name}"`).join(', ');
  const watched =
    names === ''
      ? 'SourceNamespace != "kube-system" and DestinationNamespace != "kube-system"'
      : `SourceNamespace in (${names}) or DestinationNamespace in (${names})`;
  return [
    {
      id: 'ces-sync-failure',
      title: 'Endpoint slices are not written',
      severity: 1,
      query: [
        'ContainerLogV2',
        '| where PodNamespace == "kube-system" and PodName startswith "cilium-operator"',
        '| extend Text = tostring(LogMessage)',
        '| where Text has_any ("exceeded maxRetries", "Error processing CES", "CiliumEndpointSlice in k8s-apiserver")',
        '| project TimeGenerated, PodName, Text',
      ].join('\n'),
      ...{ above: 0, windowMinutes: 15, everyMinutes: 5, by: [] },
    },
    {
      id: 'policy-breach',
      title: 'More connections than usual are denied by policy',
      severity: 2,
      query: [
        flowTable,
        '| where Verdict == "DROPPED" and DropReason has "POLICY"',
        `| where ${watched}`,
        '| summarize Flows = sum(IngressFlowCount + EgressFlowCount + UnknownDirectionFlowCount) by SourceNamespace, DestinationNamespace',
        `| where Flows > ${baseline}`,
      ].join('\n'),
      ...{ above: 0, windowMinutes: 15, everyMinutes: 5, by: ['SourceNamespace', 'DestinationNamespace'] },
    },
    {
      id: 'policy-edit',
      title: 'A network policy was changed',
      severity: 3,
      query: [
        'AKSAuditAdmin',
        '| where tostring(ObjectRef.resource) in ("networkpolicies", "ciliumnetworkpolicies", "ciliumclusterwidenetworkpolicies")',
        '| where Verb in ("create", "update", "patch", "delete", "deletecollection") and toint(ResponseStatus.code) between (200 .. 299)',
        '| project TimeGenerated, Verb, User = tostring(User.username), Kind = tostring(ObjectRef.resource), Namespace = tostring(ObjectRef.namespace), Name = tostring(ObjectRef.name)',
      ].join('\n'),
      ...{ above: 0, windowMinutes: 30, everyMinutes: 15, by: [] },
    },
    {
      id: 'policy-rejected',
      title: 'Cilium rejects a policy',
      severity: 2,
      query: [
        'ContainerLogV2',
        '| where PodNamespace == "kube-system" and ContainerName == "cilium-agent"',
        '| where tostring(LogMessage) has "Unable to add CiliumNetworkPolicy"',
        '| summarize Lines = count() by Computer',
      ].join('\n'),
      ...{ above: 0, windowMinutes: 15, everyMinutes: 5, by: [] },
    },
    {
      id: 'agent-restarts',
      title: 'Pods of Cilium restart',
      severity: 2,
      query: [
        'KubePodInventory',
        '| where Namespace == "kube-system" and Name startswith "cilium"',
        '| summarize Least = min(ContainerRestartCount), Most = max(ContainerRestartCount) by Computer, Name, ContainerName',
        '| where Most > Least',
      ].join('\n'),
      ...{ above: 0, windowMinutes: 30, everyMinutes: 15, by: [] },
    },
    {
      id: 'ingestion-gap',
      title: 'A table of the cluster gets no rows',
      severity: 2,
      query: [
        `union withsource=Table KubePodInventory, ContainerLogV2, ${flowTable}`,
        '| summarize Last = max(TimeGenerated) by Table',
        '| where now() - Last > 15m',
      ].join('\n'),
      // Of a table that had rows within a day: in a shorter window what is silent for longer would count as mended.
      ...{ above: 0, windowMinutes: 1_440, everyMinutes: 15, by: ['Table'] },
    },
  ];
}

/** Domain §8.5 (a), (b), (e), (h), (i), on metrics. */
export const metricRules: readonly MetricRule[] = [
  {
    id: 'CiliumEndpointSliceSyncFails',
    title: 'The operator fails to write endpoint slices',
    severity: 1,
    expression: 'increase(cilium_operator_ces_sync_total{outcome="fail"}[10m]) > 5',
    ...{ forMinutes: 5, custom: true },
  },
  {
    id: 'CiliumEndpointSliceQueueSlow',
    title: 'Endpoint slices are written more than a minute late',
    severity: 2,
    expression:
      'histogram_quantile(0.99, sum by (le) (rate(cilium_operator_ces_queueing_delay_seconds_bucket[10m]))) > 60',
    ...{ forMinutes: 10, custom: true },
  },
  {
    id: 'CiliumPolicyDenied',
    title: 'A node denies many packets by policy',
    severity: 3,
    expression: 'sum by (instance) (rate(cilium_drop_count_total{reason=~"Policy denied.*"}[5m])) > 10',
    ...{ forMinutes: 10, custom: false },
  },
  {
    id: 'CiliumConnectionTrackingFull',
    title: 'Connection tracking or NAT of a node is full',
    severity: 1,
    expression:
      'increase(cilium_drop_count_total{reason=~"CT: Map insertion failed|No mapping for NAT masquerade"}[5m]) > 0',
    ...{ forMinutes: 5, custom: false },
  },
  {
    id: 'CiliumNodesUnreachable',
    title: 'A node does not reach others',
    severity: 2,
    expression: 'cilium_unreachable_nodes > 0',
    ...{ forMinutes: 10, custom: true },
  },
  {
    id: 'CiliumIdentitiesManyUsed',
    title: 'Identities run out (65,280 at the most)',
    severity: 2,
    expression: 'max(cilium_identity) > 50000',
    ...{ forMinutes: 15, custom: true },
  },
];
