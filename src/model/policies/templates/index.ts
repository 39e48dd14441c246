import { allowFrontendToBackend } from './allow-frontend-to-backend.ts';
import { allowFrontendToBackendCilium } from './allow-frontend-to-backend-cilium.ts';
import { defaultDenyWithDns } from './default-deny-with-dns.ts';
import { egressToNodes } from './egress-to-nodes.ts';
import { fqdnEgress } from './fqdn-egress.ts';
import { frontendEgressToBackend } from './frontend-egress-to-backend.ts';
import { ipBlockAndPods } from './ip-block-and-pods.ts';
import { nodeLocalDns } from './node-local-dns.ts';
import type { Template } from './template.ts';

/** In the order in which they are listed: from the plain to the special. */
export const templates: readonly Template[] = [
  allowFrontendToBackend,
  allowFrontendToBackendCilium,
  frontendEgressToBackend,
  defaultDenyWithDns,
  ipBlockAndPods,
  egressToNodes,
  fqdnEgress,
  nodeLocalDns,
];
