import { corednsFails } from './failures.ts';
import { minute, type Scenario } from './scenario.ts';

export const dnsDown: Scenario = {
  id: 'dns-down',
  title: 'CoreDNS crashes on a broken custom configuration.',
  nodes: 12,
  pods: 320,
  churn: 1,
  history: () => [{ ago: 8 * minute, happens: (world) => world.change({ fails: [corednsFails()] }) }],
};
