/** What a CNI failure means. `text` is short enough for a title. */
export type CniWords = { id: string; text: string };

/** Patterns of domain §5 rows 27–36, the most telling first: messages are wrapped in one another. */
const PATTERNS: readonly { id: string; text: string; match: RegExp }[] = [
  { id: 'subnet-full', text: 'pod subnet full', match: /NCUpdateSubnetFullError|subnet (is )?full/i },
  {
    id: 'no-addresses',
    text: 'no addresses left',
    match:
      /not enough IPs available|range is full|CIDR ranges are exhausted|no IPs currently available|No available IPs?/i,
  },
  {
    id: 'cns',
    text: 'CNS gives no address',
    match:
      /Failed to request IPs? (address )?(from|using)|RequestIP(s|Address)|initialize CNS client|localhost:10090|127\.0\.0\.1:10090|azure-ipam|\bCNS\b/i,
  },
  { id: 'agent-absent', text: 'cilium.sock absent', match: /unable to connect to Cilium (agent|daemon)|cilium\.sock/i },
  {
    id: 'agent-slow',
    text: 'agent does not answer in time',
    match: /Cilium API client timeout exceeded|TooManyRequests/i,
  },
  { id: 'endpoint', text: 'agent refuses the endpoint', match: /unable to create endpoint/i },
  {
    id: 'no-cni',
    text: 'no CNI configuration',
    match: /cni plugin not initialized|cni config uninitialized|no networks found in/i,
  },
  {
    id: 'cni',
    text: 'the CNI fails',
    match: /cilium-cni|plugin type="?[\w-]+"? failed|failed to (set ?up|setup) network|cni/i,
  },
];

/** Which of the CNI's failures a message tells of; undefined when it is not about the network. */
export function cniWords(message: string): CniWords | undefined {
  const found = PATTERNS.find((pattern) => pattern.match.test(message));
  return found && { id: found.id, text: found.text };
}

/** An event in a few words where it tells of a network that a pod does not get: `no sandbox: cilium.sock absent`. */
export function sandboxWords(reason: string, message: string): string | undefined {
  const words = SANDBOX_REASONS.has(reason) ? cniWords(message) : undefined;
  return words && `no sandbox: ${words.text}`;
}

export const SANDBOX_REASONS = new Set(['FailedCreatePodSandBox', 'FailedCreatePodSandbox', 'NetworkNotReady']);
