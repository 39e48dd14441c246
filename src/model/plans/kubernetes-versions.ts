import { coerce, compare, lt, parse } from 'semver';
import { caution, type PlanProblem, problem } from './deployment-plan.ts';

/** The minors that AKS documents with Cilium today (domain §2.1): 1.31 to 1.33 as LTS, 1.36 the newest. */
export const oldestDocumented = '1.31';
export const newestDocumented = '1.36';
const lts = ['1.31', '1.32', '1.33'];

/** From which Kubernetes a thing is had (domain §1.3). */
export const needs = {
  dualStack: ['1.29', 'Dual stack with Cilium'],
  acnsSecurity: ['1.29', 'The security suite of ACNS'],
  flowLogs: ['1.33', 'Stored flow logs'],
  hostRouting: ['1.33', 'eBPF host routing'],
  mtls: ['1.34', 'mTLS (preview, Cilium 1.18)'],
  ipamUpdate: ['1.27', 'The change to overlay'],
} as const satisfies Record<string, readonly [string, string]>;

/** `1.34` and `1.34.2` are versions to AKS; undefined for anything else. */
export function readKubernetes(text: string): string | undefined {
  if (!/^1\.\d{1,3}(\.\d{1,3})?$/.test(text)) return undefined;
  return coerce(text)?.version;
}

/** A version that somebody typed for a new cluster, or to go to. */
export function checkKubernetes(text: string, where: string, isLts = false): readonly PlanProblem[] {
  const version = readKubernetes(text);
  if (version === undefined) {
    return [problem(where, `"${text}" is no version of Kubernetes.`, 'Write 1.34, or 1.34.2 for one patch.')];
  }
  const minor = minorOf(version);
  if (lt(version, `${oldestDocumented}.0`)) {
    return [
      problem(
        where,
        `AKS no longer offers Kubernetes ${minor} with Cilium (the oldest is ${oldestDocumented}).`,
        `az aks get-versions lists what the region has.`,
      ),
    ];
  }
  if (compare(`${minor}.0`, `${newestDocumented}.0`) > 0) {
    return [
      caution(
        where,
        `Kubernetes ${minor} is newer than what this program knows of (${newestDocumented}).`,
        'az aks get-versions says whether the region has it.',
      ),
    ];
  }
  if (lts.includes(minor) && !isLts) {
    return [
      caution(
        where,
        `Kubernetes ${minor} is only supported with long-term support by now.`,
        'It needs the tier premium and --k8s-support-plan AKSLongTermSupport.',
      ),
    ];
  }
  return [];
}

/** `version` '' = AKS will choose: nothing is said then. */
export function checkNeed(need: keyof typeof needs, version: string, where: string): readonly PlanProblem[] {
  const [least, what] = needs[need];
  const known = readKubernetes(version);
  if (known === undefined || !lt(known, `${least}.0`)) return [];
  return [problem(where, `${what} needs Kubernetes ${least} or later; this is ${version}.`, 'Upgrade first.')];
}

/** The Azure CLI somebody has against the one that is needed. '' = not said. */
export function checkAz(has: string, least: string): readonly PlanProblem[] {
  if (has === '') return [];
  const version = parse(has, { loose: true });
  if (version === null) return [problem('--az-version', `"${has}" is no version.`, 'az version prints it.')];
  if (!lt(version, least)) return [];
  return [
    problem('--az-version', `The commands need az ${least} or later; this is ${has}.`, 'az upgrade brings the newest.'),
  ];
}

/** The newest of several versions of az. */
export function newestAz(...versions: readonly string[]): string {
  return versions.toSorted(compare).at(-1) ?? '2.48.1';
}

/** `1.34.2` → `1.34`; '' where it is no version. */
export function minorOf(text: string): string {
  const version = coerce(text);
  return version === null ? '' : `${version.major}.${version.minor}`;
}
