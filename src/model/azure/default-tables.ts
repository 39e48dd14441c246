import type { WorkspaceTable } from './azure-facts.ts';

type Columns = Readonly<Record<string, string>>;

/** The tables of domain §8.1 with their columns: what a cluster's workspace usually has, for as long as nobody said what it does. */
export function defaultTables(): readonly Pick<WorkspaceTable, 'name' | 'columns'>[] {
  return Object.entries(columnsOf()).map(([name, columns]) => ({
    name,
    columns: [...Object.entries(everywhere), ...Object.entries(columns)].flatMap(([type, names]) =>
      names.split(' ').map((column) => ({ name: column, type })),
    ),
  }));
}

function columnsOf(): Readonly<Record<string, Columns>> {
  return {
    ContainerNetworkLogs: flows(),
    RetinaNetworkFlowLogs: flows(),
    ContainerLogV2: {
      string: 'Computer ContainerId ContainerName PodName PodNamespace LogSource LogLevel',
      dynamic: 'LogMessage KubernetesMetadata',
    },
    KubePodInventory: {
      string:
        'ClusterId ClusterName Computer Name Namespace PodUid PodStatus PodIp PodLabel ControllerKind ControllerName ContainerName ContainerID ContainerStatus ContainerStatusReason ContainerLastStatus ServiceName InstanceName',
      int: 'PodRestartCount ContainerRestartCount',
      datetime: 'PodCreationTimeStamp PodStartTime ContainerCreationTimeStamp ContainerStartTime',
    },
    KubeEvents: {
      string: 'ClusterId ClusterName Computer KubeEventType Name Namespace ObjectKind Reason Message SourceComponent',
      real: 'Count',
      datetime: 'FirstSeen LastSeen',
    },
    KubeNodeInventory: {
      string:
        'ClusterId ClusterName Computer KubeletVersion KubeProxyVersion KubernetesProviderID DockerVersion OperatingSystem Labels Status',
      datetime: 'CreationTimeStamp LastTransitionTimeReady',
    },
    InsightsMetrics: { string: 'Name Namespace Origin Computer Tags', real: 'Val' },
    AKSAudit: audit(),
    AKSAuditAdmin: audit(),
    AKSControlPlane: { string: 'Category Level Message PodName Stream' },
    AzureDiagnostics: { string: 'Category log_s pod_s containerID_s OperationName ResourceId' },
    Heartbeat: { string: 'Computer Category OSType Version' },
    Operation: { string: 'OperationCategory OperationStatus OperationKey Detail Solution' },
    Usage: { string: 'DataType Solution QuantityUnit', real: 'Quantity', datetime: 'StartTime EndTime' },
    KubeMonAgentEvents: { string: 'Category Level Message Computer ClusterName Tags' },
    AzureMetrics: {
      string: 'MetricName TimeGrain UnitName Resource',
      real: 'Total Average Maximum Minimum Count',
    },
    AzureActivity: { string: 'OperationNameValue ActivityStatusValue Caller ResourceGroup CorrelationId Level' },
  };
}

function flows(): Columns {
  return {
    string:
      'SourceNamespace SourcePodName DestinationNamespace DestinationPodName SourceClusterName DestinationClusterName NodeName FlowType Verdict DropReason TrafficDirection TraceObservationPoint UUID',
    int: 'SourceIdentity DestinationIdentity IngressFlowCount EgressFlowCount UnknownDirectionFlowCount',
    bool: 'Reply',
    dynamic: 'IP Layer4 Layer7 Policies Service EventType AdditionalFlowData SourceWorkloads DestinationWorkloads',
  };
}

function audit(): Columns {
  return {
    string: 'AuditId Level PodName RequestUri Stage Verb UserAgent',
    dynamic: 'Annotations ObjectRef RequestObject ResponseObject ResponseStatus SourceIps User',
    datetime: 'RequestReceivedTime StageReceivedTime',
  };
}

/** Every table also has these. */
const everywhere: Columns = {
  datetime: 'TimeGenerated',
  string: 'TenantId _ResourceId _SubscriptionId SourceSystem Type',
};
