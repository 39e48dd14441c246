import { coerce, gte } from 'semver';

/** What Cilium's verdict depends on besides the policies (domain §7.1, §7.3, §7.4). */
export type Modes = {
  /** `generic` reads NetworkPolicies as Kubernetes' own documentation does, for comparing. */
  dialect: 'cilium' | 'generic';
  /** `1.18.11`; '' = nobody knows. */
  version: string;
  enforcement: 'default' | 'always' | 'never';
  clusterName: string;
  /** policy-cidr-match-mode. */
  cidrMatchesNodes: boolean;
  cidrMatchesPods: boolean;
  hostFirewall: boolean;
  /** A pod's own node always reaches it, default deny or not. */
  allowLocalhost: boolean;
  l7Proxy: boolean;
  icmpRules: boolean;
  nodeSelectorLabels: boolean;
  nonDefaultDeny: boolean;
  /** Undefined = not said. */
  sctp: boolean | undefined;
  authentication: boolean | undefined;
  dualStack: boolean;
  /** The `labels` key: label exclusion (domain §10 R7). '' = Cilium's own defaults. */
  labelFilter: string;
};

/** The newest whose rules we know; what is assumed where nothing says which Cilium it is. */
export const NEWEST = '1.20.0';

/** `config` is cilium-config's data; `version` as written (`1.18`, `v1.18.11-260622`), '' where nobody knows. */
export function readModes(
  config: Readonly<Record<string, string>>,
  version: string,
  dialect: Modes['dialect'] = 'cilium',
): Modes {
  const cidrModes = (config['policy-cidr-match-mode'] ?? '').split(/[\s,]+/);
  return {
    dialect,
    version: coerce(version)?.version ?? '',
    enforcement: enforcement(config['enable-policy']),
    clusterName: config['cluster-name'] || 'default',
    cidrMatchesNodes: cidrModes.includes('nodes'),
    cidrMatchesPods: cidrModes.includes('pods'),
    hostFirewall: config['enable-host-firewall'] === 'true',
    // `auto` means always wherever Kubernetes runs it.
    allowLocalhost: config['allow-localhost'] !== 'policy',
    l7Proxy: config['enable-l7-proxy'] !== 'false',
    icmpRules: config['enable-icmp-rules'] !== 'false',
    nodeSelectorLabels: config['enable-node-selector-labels'] === 'true',
    nonDefaultDeny: config['enable-non-default-deny-policies'] !== 'false',
    sctp: tristate(config['enable-sctp']),
    authentication: tristate(config['mesh-auth-enabled']),
    dualStack: config['enable-ipv4'] === 'true' && config['enable-ipv6'] === 'true',
    labelFilter: config['labels'] ?? '',
  };
}

/** Whether this Cilium is at least `minor` (`1.17`); undefined where its version is not known. */
export function isAtLeast({ version }: Modes, minor: string): boolean | undefined {
  return version === '' ? undefined : gte(version, `${minor}.0`);
}

/** Ranges are honoured from Cilium 1.17; before, only the first port counts (domain §7.2). */
export function lastPort(port: number, endPort: number, modes: Modes, doubts: string[]): number {
  if (endPort <= port) return port;
  const honoured = modes.dialect === 'generic' ? true : isAtLeast(modes, '1.17');
  if (honoured === undefined) doubts.push('whether this Cilium honours endPort is not known');
  return honoured === false ? port : endPort;
}

function enforcement(text: string | undefined): Modes['enforcement'] {
  const lower = (text ?? '').toLowerCase();
  return lower === 'always' || lower === 'never' ? lower : 'default';
}

function tristate(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'true';
}
