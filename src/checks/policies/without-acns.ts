import type { Policy } from '../../model/policies/rule.ts';
import type { Ground } from './ground.ts';
import type { Lapse } from './lint.ts';

/** Why nobody can say whether a proxy is there that AKS sells with Advanced Container Networking Services. */
export function blindToAcns({ facts }: Ground, proxy: 'dns' | 'layer7'): string {
  const { managed, proxies } = facts.modes;
  if (managed === undefined) return 'whether Azure runs this Cilium is not known';
  if (managed && proxies[proxy] === undefined)
    return 'whether Advanced Container Networking Services are on is not known';
  return '';
}

/** Lapses for what a policy was refused for: its rules are not there to be looked at. */
export function refusedFor({ rejected }: Policy, reason: string, lapse: Omit<Lapse, 'path'>): readonly Lapse[] {
  return rejected
    .filter((one) => one.endsWith(reason))
    .map((one) => ({ ...lapse, path: one.slice(0, one.indexOf(': ')) }));
}
