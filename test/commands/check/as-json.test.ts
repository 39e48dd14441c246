import { describe, expect, it } from 'vitest';
import { asJson } from '../../../src/commands/check/as-json.ts';
import type { Judgement } from '../../../src/model/finding.ts';
import { given } from '../../checks/given.ts';
import { now } from '../../checks/healthy-cluster.ts';

const judgement: Judgement = {
  findings: [
    {
      id: 'agents/not-ready',
      severity: 'error',
      title: '1 of 3 agents not ready',
      objects: [
        { kind: 'Pod', namespace: 'kube-system', name: 'cilium-1' },
        { kind: 'Node', namespace: '', name: 'np1-1' },
      ],
      evidence: ['seen'],
      since: now - 60_000,
      reach: '1 node',
      next: 'look',
      explains: [{ id: 'pods/stuck-creating', title: '3 pods stuck', reach: '3 pods' }],
    },
  ],
  notLookedAt: [{ id: 'dns/not-ready', reason: 'forbidden: list deployments' }],
  notAsked: [],
  looked: 1,
  of: 2,
  waiting: [],
  cleared: [],
  since: 0,
  at: now,
};

describe('asJson', () => {
  const answer = JSON.parse(asJson(judgement, given(), now - 5_000));

  it('has the shape every reader relies on', () => {
    expect(Object.keys(answer)).toEqual([
      'version',
      'command',
      'cluster',
      'startedAt',
      'links',
      'findings',
      'notLookedAt',
    ]);
    expect(answer).toMatchObject({
      version: 1,
      command: 'check',
      cluster: { context: 'test', kubernetesVersion: 'v1.34.2' },
      startedAt: '2026-11-22T11:59:55.000Z',
    });
    expect(answer.links).toContainEqual({ source: 'nodes', phase: 'live', age: 0 });
    expect(answer.notLookedAt).toEqual(judgement.notLookedAt);
  });

  it('calls nothing live that is read from a file, and counts ages up to when it is read', () => {
    const { links } = JSON.parse(asJson(judgement, given(), now, now + 3_600_000));
    expect(links).toContainEqual({ source: 'nodes', phase: 'stale', phaseThen: 'live', age: 3_600 });
    expect(links.filter(({ phase }: { phase: string }) => phase === 'live')).toEqual([]);
  });

  it('prints a finding with what it explains, and no empty namespace', () => {
    expect(answer.findings).toEqual([
      {
        id: 'agents/not-ready',
        severity: 'error',
        title: '1 of 3 agents not ready',
        objects: [
          { kind: 'Pod', namespace: 'kube-system', name: 'cilium-1' },
          { kind: 'Node', name: 'np1-1' },
        ],
        evidence: ['seen', 'explains: 3 pods stuck (3 pods)'],
        since: '2026-11-22T11:59:00.000Z',
        next: 'look',
      },
    ]);
  });
});
