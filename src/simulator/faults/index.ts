import { answerFaults } from './answers.ts';
import { azureFaults } from './azure.ts';
import { azureLogFaults } from './azure-logs.ts';
import { clusterFaults } from './cluster-faults.ts';
import { commandFaults } from './commands.ts';
import { connectionFaults } from './connections.ts';
import { contentFaults } from './contents.ts';
import type { Fault } from './fault.ts';
import { featureFaults } from './features.ts';
import { logFaults } from './logs.ts';
import { watchFaults } from './watches.ts';

/** Everything a server can be made to do wrong. */
export const faults: readonly Fault[] = [
  ...watchFaults,
  ...answerFaults,
  ...connectionFaults,
  ...commandFaults,
  ...contentFaults,
  ...logFaults,
  ...clusterFaults,
  ...featureFaults,
  ...azureFaults,
  ...azureLogFaults,
];
