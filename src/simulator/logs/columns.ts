// The tables of a workspace with their columns as the service documents them (domain §8.1).
import type { KqlType } from '../kql/database.ts';

export type TableColumn = { name: string; type: KqlType };

/** Every table of a workspace ends in these. TenantId is the workspace's GUID, not Entra's tenant. */
const COMMON = `TenantId, SourceSystem, Type, _ResourceId, _SubscriptionId, _IsBillable: string; _BilledSize: real`;

const FLOWS = `TimeGenerated: datetime;
  SourceNamespace, SourcePodName, DestinationNamespace, DestinationPodName, SourceClusterName, DestinationClusterName,
  NodeName, FlowType, Verdict, DropReason, TrafficDirection, TraceObservationPoint, UUID: string;
  SourceIdentity, DestinationIdentity, IngressFlowCount, EgressFlowCount, UnknownDirectionFlowCount: int; Reply: bool;
  IP, Layer4, Layer7, Policies, Service, EventType, AdditionalFlowData, SourceWorkloads, DestinationWorkloads: dynamic`;

const AUDIT = `TimeGenerated: datetime; AuditId, Level, PodName, RequestUri, Stage, UserAgent, Verb: string;
  Annotations, ObjectRef, RequestObject, ResponseObject, ResponseStatus, SourceIps, User: dynamic;
  RequestReceivedTime, StageReceivedTime: datetime`;

const WRITTEN = {
  ContainerNetworkLogs: FLOWS,
  RetinaNetworkFlowLogs: FLOWS,
  ContainerLogV2: `TimeGenerated: datetime; Computer, ContainerId, ContainerName, PodName, PodNamespace, LogSource, LogLevel: string;
    LogMessage, KubernetesMetadata: dynamic`,
  KubePodInventory: `TimeGenerated: datetime; ClusterId, ClusterName, Computer, Name, Namespace, PodUid, PodStatus, PodIp, PodLabel,
    ControllerKind, ControllerName, ContainerName, ContainerID, ContainerStatus, ContainerStatusReason,
    ContainerLastStatus, ServiceName, InstanceName: string; PodRestartCount, ContainerRestartCount: int;
    PodCreationTimeStamp, PodStartTime, ContainerCreationTimeStamp, ContainerStartTime: datetime`,
  KubeEvents: `TimeGenerated: datetime; ClusterId, ClusterName, Computer, KubeEventType, Name, Namespace, ObjectKind, Reason, Message,
    SourceComponent: string; Count: real; FirstSeen, LastSeen: datetime`,
  KubeNodeInventory: `TimeGenerated: datetime; ClusterId, ClusterName, Computer, KubeletVersion, KubeProxyVersion, KubernetesProviderID,
    DockerVersion, OperatingSystem, Labels, Status: string; CreationTimeStamp, LastTransitionTimeReady: datetime`,
  InsightsMetrics: 'TimeGenerated: datetime; Name, Namespace, Origin, Computer, Tags: string; Val: real',
  Heartbeat:
    'TimeGenerated: datetime; Computer, Category, OSType, OSName, Version, ComputerIP, ResourceGroup, SubscriptionId: string',
  KubeMonAgentEvents:
    'TimeGenerated: datetime; ClusterId, ClusterName, Computer, Category, Level, Message, Tags: string',
  AKSAudit: AUDIT,
  AKSAuditAdmin: AUDIT,
  AKSControlPlane: 'TimeGenerated: datetime; Category, Level, Message, PodName, Stream: string',
  AzureDiagnostics: `TimeGenerated: datetime; Category, OperationName, ResourceId, Resource, ResourceGroup, ResourceProvider, ResourceType,
    SubscriptionId, log_s, pod_s, containerID_s, stream_s, ccpNamespace_s: string`,
  AzureActivity: `TimeGenerated: datetime; OperationName, OperationNameValue, ActivityStatus, ActivityStatusValue, CategoryValue, Caller,
    CorrelationId, ResourceGroup, ResourceProviderValue, SubscriptionId, Level, EventDataId: string;
    Properties_d, Authorization_d: dynamic`,
  Operation:
    'TimeGenerated: datetime; OperationCategory, OperationStatus, OperationKey, Detail, Solution, Computer: string',
  Usage: `TimeGenerated: datetime; DataType, QuantityUnit, Solution, ResourceUri, MeterId: string; Quantity: real; IsBillable: bool;
    StartTime, EndTime: datetime`,
} as const;

export type TableName = keyof typeof WRITTEN;

/** In the service's order: TimeGenerated near the front, what all tables have at the end. */
export function columnsOf(table: TableName): readonly TableColumn[] {
  return read(`${WRITTEN[table]}; ${COMMON}`);
}

function read(text: string): TableColumn[] {
  return text.split(';').flatMap((group) => {
    const [names = '', type = ''] = group.split(':');
    return names.split(',').map((name) => ({ name: name.trim(), type: type.trim() as KqlType }));
  });
}
