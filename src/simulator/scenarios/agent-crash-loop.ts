import { agentInitFails } from './failures.ts';
import { minute, type Scenario } from './scenario.ts';

export const agentCrashLoop: Scenario = {
  id: 'agent-crash-loop',
  title: 'Two agents of a pool cannot mount the BPF file system and crash in an init container.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [
    { ago: 14 * minute, happens: (world) => world.change({ fails: [agentInitFails({ pool: 'np2', first: 2 })] }) },
  ],
};
