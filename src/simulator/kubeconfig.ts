import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { UserError } from '../errors.ts';

export type Access = {
  url: string;
  ca: string;
  tokens: Record<'admin' | 'reader' | 'namespace' | 'expired', string>;
  namespace: string;
};

/** A kubeconfig with a context for each user; `admin` is the current one. */
export function kubeconfigText({ url, ca, tokens, namespace }: Access): string {
  const cluster = 'aks-prod-weu';
  const names = ['admin', 'reader', 'namespace', 'expired'] as const;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: names.map((name) => ({ name: `${cluster}-${name}`, user: { token: tokens[name] } })),
    contexts: names.map((name) => ({
      name,
      context: { cluster, user: `${cluster}-${name}`, ...(name === 'namespace' ? { namespace } : {}) },
    })),
    'current-context': 'admin',
    preferences: {},
  });
}

/** What `listClusterUserCredential` hands out: one context, for the user who may do everything. */
export function clusterUserKubeconfig({ url, ca, tokens }: Access): string {
  const cluster = 'aks-prod-weu';
  const user = `clusterUser_prod-weu_${cluster}`;
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
    ],
    users: [{ name: user, user: { token: tokens.admin } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    'current-context': cluster,
    preferences: {},
  });
}

/** Throws UserError where the file could not be written, before anybody waits for what shall stand in it. */
export function checkKubeconfig(file: string): void {
  const target = resolve(file);
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory())
      throw Object.assign(new Error(), { code: 'EISDIR' });
    if (isDevice(target)) accessSync(target, constants.W_OK);
    else accessSync(dirname(target), constants.W_OK | constants.X_OK);
  } catch (problem) {
    throw notWritable(file, problem);
  }
}

/** Replaces the file at once and whole; only its owner may read it, whatever was there before. Throws UserError. */
export function writeKubeconfig(file: string, text: string): void {
  const target = resolve(file);
  const draft = join(dirname(target), `.${randomBytes(6).toString('hex')}.kubeconfig`);
  try {
    if (isDevice(target)) {
      writeFileSync(target, text);
      return;
    }
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    chmodSync(draft, 0o600);
    renameSync(draft, target);
  } catch (problem) {
    rmSync(draft, { force: true });
    throw notWritable(file, problem);
  }
}

/** A device or a pipe (`/dev/stdout`, `>(cat)`) is written into: replaced, it would be gone for everybody else. */
function isDevice(target: string): boolean {
  const found = statSync(target, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function notWritable(file: string, problem: unknown): UserError {
  const why = (problem as NodeJS.ErrnoException).code ?? problem;
  return new UserError(`The kubeconfig cannot be written to ${file}: ${why}.`, 'Give another file.');
}
