import type { Lint } from './lint.ts';

export const nodeSelectorNotEnforced: Lint = {
  id: 'policies/node-selector-not-enforced',
  title: 'Host policy while the host firewall is off',
  why: 'A policy with a nodeSelector protects nodes only while the host firewall is on. On AKS it is off, and the policy does nothing.',
  severity: 'warning',
  look: ({ specs }, { facts }) =>
    specs
      .filter(({ subject }) => subject.type === 'nodes' && !facts.modes.hostFirewall)
      .map(({ path }) => ({
        path: `${path}.nodeSelector`,
        text: 'it selects nodes, and the host firewall is off (enable-host-firewall)',
        next: 'Protect nodes by network security groups, or take the policy out.',
      })),
};
