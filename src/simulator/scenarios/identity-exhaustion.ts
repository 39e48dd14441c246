import { minute, type Scenario } from './scenario.ts';

export const identityExhaustion: Scenario = {
  id: 'identity-exhaustion',
  title: '53,000 CiliumIdentities of 65,280: a batch service labels each run.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [{ ago: 5 * minute, happens: (world) => world.change({ identities: 53_000 }) }],
};
