import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { User } from '../../src/simulator/api/access.ts';
import { healthy } from '../../src/simulator/scenarios/healthy.ts';
import { type Ground, stand } from '../runbooks/ground.ts';
import { run } from './program.ts';

type Role = {
  kind: string;
  metadata: { name: string; namespace?: string };
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
};

async function roles(...args: readonly string[]): Promise<readonly Role[]> {
  const { code, stdout, stderr } = await run(['rbac', ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return parseAllDocuments(stdout).map((document) => document.toJS() as Role);
}

/** Somebody who has what these roles say, and nothing else. */
function holder(all: readonly Role[]): User {
  const rules = all.flatMap(({ metadata, rules: own }) =>
    own.map(({ apiGroups, resources, verbs }) => ({
      ...{ groups: apiGroups, resources, verbs },
      ...(metadata.namespace === undefined ? {} : { namespaces: [metadata.namespace] }),
    })),
  );
  return { name: 'oncall', groups: ['system:authenticated'], rules };
}

describe('ciliscope rbac', () => {
  it('prints roles without any verb that changes, without Secrets, without a star', async () => {
    const all = await roles();
    expect(all.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}`)).toEqual([
      'ClusterRole ',
      'Role kube-system',
    ]);
    const rules = all.flatMap((role) => role.rules);
    expect([...new Set(rules.flatMap(({ verbs }) => verbs))].sort()).toEqual(['get', 'list', 'watch']);
    const words = rules.flatMap(({ resources, apiGroups }) => [...resources, ...apiGroups]);
    expect(words).not.toContain('secrets');
    expect(words).not.toContain('*');
    expect(words.filter((word) => word.includes('/'))).toEqual([]);
  });

  it('with exec gives it in kube-system alone, and binds to whom is named', async () => {
    const all = await roles('--with', 'exec,logs', '--group', 'oncall');
    const exec = all.filter(({ rules }) => rules?.some(({ resources }) => resources.includes('pods/exec')));
    expect(exec.map(({ metadata }) => metadata.namespace)).toEqual(['kube-system']);
    expect(all.map(({ kind }) => kind)).toEqual(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);
  });

  it('refuses what there is no right for', async () => {
    const ended = await run(['rbac', '--with', 'everything']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/"everything" is nothing that rights can be given for.*logs, exec, metrics, write/s);
  });
});

describe('with exactly these rights', () => {
  let ground: Ground;
  beforeAll(async () => {
    const user = holder(await roles());
    ground = await stand({ ...healthy, currentUser: () => user });
  }, 60_000);
  afterAll(() => ground?.close());

  it('everything is live, and the server refuses nothing', async () => {
    const onlooker = await ground.as('admin');
    const phases = [...onlooker.snapshot().links].filter(([, { phase }]) => phase !== 'live' && phase !== 'missing');
    expect(phases).toEqual([]);
    expect(onlooker.snapshot().requests.log.filter(({ status }) => status === 403)).toEqual([]);
    expect([...onlooker.snapshot().links.values()].filter(({ phase }) => phase === 'live').length).toBeGreaterThan(20);
  });

  it('what was left out is said to be missing, and nothing else', async () => {
    const { asks } = await ground.as('admin');
    const { held, user } = await asks.rights([], new AbortController().signal);
    expect(user).toBe('oncall');
    expect(held.filter(({ missing, here }) => missing.length + here.length > 0).map(({ feature }) => feature)).toEqual([
      'logs',
      'exec',
      'metrics',
    ]);
  });
});
