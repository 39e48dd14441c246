import { coerce, compare, parse } from 'semver';

/** Where the rules below come from: Microsoft's "Azure CNI Powered by Cilium" page as dated. */
export const versionRulesDated = 'docs of 2026-08-05';

/** The least Cilium that AKS documents for a Kubernetes minor. */
const minimumCilium: Readonly<Record<string, string>> = {
  '1.27': '1.13.18',
  '1.28': '1.13.18',
  '1.29': '1.14.19',
  '1.30': '1.14.19',
  '1.31': '1.16.16',
  '1.32': '1.17.9',
  '1.33': '1.17.9',
  '1.34': '1.18.6',
  '1.35': '1.18.6',
  '1.36': '1.18.9',
};

/**
 * Which Kubernetes minors AKS supports, by the same page: `standard` by every plan, `lts` only with long-term support
 * (supportPlan AKSLongTermSupport, tier Premium). Older ones by none; of newer ones the table knows nothing.
 */
const supported: Readonly<Record<string, 'standard' | 'lts'>> = {
  '1.31': 'lts',
  '1.32': 'lts',
  '1.33': 'lts',
  '1.34': 'standard',
  '1.35': 'standard',
  '1.36': 'standard',
};
const OLDEST_SUPPORTED = '1.31.0';

/** CiliumEndpointSlices are on by default from here; below AKS does not have them. */
const SLICES_FROM = '1.32';

/** A Cilium version as an image tag says it. */
export type CiliumVersion = {
  /** `1.18.11` */
  version: string;
  /** `1.18` */
  minor: string;
  /** The build AKS adds: `260622` of `v1.18.11-260622`, else ''. */
  build: string;
  /** The whole tag, for people. */
  tag: string;
};

/**
 * `mcr…/cilium/cilium-distroless:v1.18.11-260622@sha256:…` → 1.18.11 build 260622. Undefined where the tag is no
 * version (`latest`, a digest alone): that is unknown, not wrong.
 */
export function versionOfImage(image: string): CiliumVersion | undefined {
  const last = image.slice(image.lastIndexOf('/') + 1).split('@')[0] ?? '';
  const tag = last.includes(':') ? last.slice(last.indexOf(':') + 1) : '';
  const found = parse(tag, { loose: true }) ?? (/^v?\d+\.\d+$/.test(tag) ? coerce(tag) : null);
  if (!found) return undefined;
  const preview = isPreview(found.prerelease);
  const suffix = found.prerelease.join('.');
  return {
    version: `${found.major}.${found.minor}.${found.patch}${preview ? `-${suffix}` : ''}`,
    minor: `${found.major}.${found.minor}`,
    build: preview ? '' : suffix,
    tag,
  };
}

/** AKS' build suffixes are newer, not older, than the version they extend; only upstream's rc and pre are previews. */
function isPreview(prerelease: readonly (string | number)[]): boolean {
  return prerelease.some((part) => /^(rc|pre|alpha|beta|dev|snapshot)/i.test(String(part)));
}

/** The documented minimum for this Kubernetes (`v1.34.2`), undefined where the table says nothing. */
export function minimumFor(kubernetesVersion: string): string | undefined {
  return minimumCilium[minorOf(kubernetesVersion)];
}

/** Whether AKS supports this Kubernetes (`v1.34.2`), and with which plan; undefined where the table says nothing. */
export function supportOf(kubernetesVersion: string): 'standard' | 'lts' | 'none' | undefined {
  const minor = minorOf(kubernetesVersion);
  if (minor === '') return undefined;
  return supported[minor] ?? (compare(`${minor}.0`, OLDEST_SUPPORTED) < 0 ? 'none' : undefined);
}

/** Whether this Kubernetes is at least `minor` (`1.33`); undefined where its version is not known. */
export function isAtLeast(kubernetesVersion: string, minor: string): boolean | undefined {
  const own = minorOf(kubernetesVersion);
  return own === '' ? undefined : compare(`${own}.0`, `${minor}.0`) >= 0;
}

/** Negative: a is older. Both must be versions as `versionOfImage` gives them. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b, { loose: true });
}

/** Whether managed AKS of this Kubernetes has CiliumEndpointSlices; undefined where the version is unknown. */
export function hasSlices(kubernetesVersion: string): boolean | undefined {
  return isAtLeast(kubernetesVersion, SLICES_FROM);
}

/** `v1.34.2-aks` → `1.34`; '' where it is no version. */
export function minorOf(version: string): string {
  const found = coerce(version);
  return found ? `${found.major}.${found.minor}` : '';
}
