import type { LogPattern } from './log-pattern.ts';

/** What Envoy and Hubble's relay say. */
export const proxyPatterns: readonly LogPattern[] = [
  {
    id: 'envoy-update-slow',
    row: 49,
    programs: ['envoy', 'agent'],
    substrings: ['onConfigUpdate(): Worker threads took longer than'],
    severity: 'warning',
    meaning: 'The L7 proxy takes policy changes late.',
    next: 'Look at the load of the proxy, on AKS of the ACNS security agent.',
  },
  {
    id: 'envoy-error',
    row: 49,
    programs: ['envoy'],
    substrings: ['[error]', '[critical]'],
    // As the line's level: time and thread stand before it, nothing else does.
    besides: /^[^[]{0,60}(?:\[[^\]]*\]){0,2}\[(?:error|critical)\]/,
    severity: 'error',
    meaning: 'The L7 proxy reports an error.',
    next: 'Read the line; only traffic under L7 policies goes through this proxy.',
    runbook: 'l7-errors',
  },
  {
    id: 'relay-peers-unreachable',
    row: 51,
    programs: ['relay', 'agent'],
    substrings: ['Failed to create peer client for peers synchronization', 'Failed to create gRPC client'],
    severity: 'warning',
    meaning: 'The relay cannot reach its peers: started too early, or bad certificates.',
    next: 'Check the secrets of hubble-relay and hubble-server, and when they end.',
    runbook: 'relay-certificates-expiring',
  },
];
