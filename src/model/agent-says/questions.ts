import type { AgentAnswers } from './agent-says.ts';
import { readBgpPeers } from './read-bgp-peers.ts';
import { readEncryption } from './read-encryption.ts';
import { readEndpoints } from './read-endpoints.ts';
import { readHealth } from './read-health.ts';
import { readIdentities } from './read-identities.ts';
import { readIpcache } from './read-ipcache.ts';
import { readMaps } from './read-maps.ts';
import { readNames } from './read-names.ts';
import { readOpinion } from './read-opinion.ts';
import { readPolicyMap, readPolicyMaps } from './read-policy-map.ts';
import { readSamples } from './read-samples.ts';
import { readServices } from './read-services.ts';
import { readStatus } from './read-status.ts';

export type Question<Answer> = {
  /** `about`: what the question names besides itself. */
  command(about: string): readonly string[];
  /** Undefined: an answer in no known form. */
  read(output: string): Answer | undefined;
  /** An agent in trouble ends it with an error, and says why all the same. */
  saysThoughFailed?: true;
};

/** How each question is put, and how its answer is read: the one place that knows both. */
export const questions: { readonly [Q in keyof AgentAnswers]: Question<AgentAnswers[Q]> } = {
  status: { command: agent('status'), read: readStatus, saysThoughFailed: true },
  opinion: { command: agent('status'), read: readOpinion, saysThoughFailed: true },
  endpoints: { command: agent('endpoint list'), read: readEndpoints },
  'policy-map': {
    command: (id) => ['cilium-dbg', 'bpf', 'policy', 'get', id, '-n', '-o', 'json'],
    read: readPolicyMap,
  },
  'policy-maps': {
    command: agent('bpf policy get --all -n'),
    read: (output) => ({ maps: readPolicyMaps(output) }),
  },
  ipcache: { command: agent('bpf ipcache list'), read: readIpcache },
  identities: { command: agent('identity list'), read: readIdentities },
  services: { command: agent('service list'), read: readServices },
  encryption: { command: agent('encrypt status'), read: readEncryption },
  names: { command: agent('fqdn cache list'), read: readNames },
  maps: { command: agent('map list'), read: readMaps },
  'bgp-peers': { command: agent('bgp peers'), read: readBgpPeers },
  metrics: {
    command: (pattern) => ['cilium-dbg', 'metrics', 'list', '-o', 'json', `--match-pattern=${pattern}`],
    read: readSamples,
  },
  health: { command: () => ['cilium-health', 'status', '-o', 'json'], read: readHealth, saysThoughFailed: true },
};

function agent(words: string): () => readonly string[] {
  return () => ['cilium-dbg', ...words.split(' '), '-o', 'json'];
}
