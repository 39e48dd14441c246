import type { Row } from './row.ts';

export type CiliumEndpointRow = Row & {
  /** waiting-for-identity, not-ready, waiting-to-regenerate, regenerating, restoring, ready, disconnecting, disconnected, invalid; '' where the agent has not written it yet. */
  state: string;
  /** Agent-local number, 0 when absent. */
  endpointId: number;
  /** Security identity, 0 when absent. */
  identity: number;
  ip: string;
  ip6: string;
  /** The node's IP as the agent wrote it. */
  nodeIP: string;
  /** uid of the owning Pod, '' when the agent wrote no owner. */
  podUid: string;
  /** False while status.networking or status.identity is missing: the operator skips it then. */
  complete: boolean;
  ingressEnforced: boolean;
  egressEnforced: boolean;
  /** Last of status.log: when and what, 0 and '' when absent. */
  changed: number;
  message: string;
};
