import { hour, type Scenario } from './scenario.ts';

export const relayCertificatesExpiring: Scenario = {
  id: 'relay-certificates-expiring',
  title: "Hubble's certificates end in six days; until then everything works.",
  nodes: 12,
  pods: 320,
  churn: 0,
  acns: true,
  certificatesEnd: 6 * 24 * hour,
};
