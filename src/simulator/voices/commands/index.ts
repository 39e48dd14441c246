import { bgpCommands } from './bgp.ts';
import { clusterCommands } from './cluster.ts';
import type { AgentCommand } from './command.ts';
import { endpointCommands } from './endpoints.ts';
import { mapCommands } from './maps.ts';
import { observeCommands } from './observe.ts';
import { policyCommands } from './policies.ts';
import { statusCommand } from './status.ts';

/** What `cilium-dbg` answers. All of it reads. */
export const agentCommands: readonly AgentCommand[] = [
  statusCommand,
  ...endpointCommands,
  ...policyCommands,
  ...mapCommands,
  ...clusterCommands,
  ...observeCommands,
  ...bgpCommands,
];
