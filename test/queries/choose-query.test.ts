import { describe, expect, it } from 'vitest';
import type { DiagnosticSetting, WorkspaceTable } from '../../src/model/azure/azure-facts.ts';
import { chooseQuery } from '../../src/queries/choose-query.ts';
import { queries } from '../../src/queries/index.ts';
import type { SavedQuery } from '../../src/queries/saved-query.ts';

const saved = (id: string) => queries.find((one) => one.id === id) as SavedQuery;
const tables = (...names: readonly string[]): readonly WorkspaceTable[] =>
  names.map((name) => ({ name: name.replace('*', ''), plan: name.endsWith('*') ? 'Basic' : 'Analytics', columns: [] }));
const ground = (...names: readonly string[]) => ({ workspace: { tables: tables(...names) } });
const setting = (isDedicated: boolean): DiagnosticSetting => ({
  ...{ name: 'logs', categories: ['kube-audit-admin'], workspace: '/subscriptions/s/w', isDedicated },
});

describe('a saved query', () => {
  it.each([
    ['the table of today', ['ContainerNetworkLogs'], 'ContainerNetworkLogs', ''],
    ['its older name', ['RetinaNetworkFlowLogs'], 'RetinaNetworkFlowLogs', ''],
    ['today’s before the older', ['RetinaNetworkFlowLogs', 'ContainerNetworkLogs'], 'ContainerNetworkLogs', ''],
    ['the Basic plan', ['ContainerNetworkLogs*'], 'ContainerNetworkLogs', 'ContainerNetworkLogs'],
  ])('is put to %s', (_name, names, table, searchTable) => {
    const chosen = chooseQuery(saved('denied-flows'), ground(...names));
    expect(chosen).toMatchObject({ searchTable, timespan: 'PT1H', rowId: 'UUID', remarks: [] });
    expect('text' in chosen && chosen.text.split('\n')[0]).toBe(table);
  });

  it('never says from when to when: that is the timespan’s, on every plan', () => {
    for (const query of queries) {
      const needed = Object.fromEntries(
        query.parameters.filter(({ isNeeded }) => isNeeded).map(({ name }) => [name, 'a/b']),
      );
      const chosen = chooseQuery(query, ground(), needed, 'PT7M');
      expect(chosen).toMatchObject({ timespan: 'PT7M' });
      expect('text' in chosen && chosen.text).not.toMatch(/ago\(|where TimeGenerated/);
    }
  });

  it('says what is missing and what would have to be on', () => {
    expect(chooseQuery(saved('denied-flows'), ground('Heartbeat'))).toEqual({
      missing: 'The workspace has no table of flow logs.',
      hint: expect.stringContaining('ContainerNetworkLog'),
    });
    expect(chooseQuery(saved('policy-changes'), ground('Heartbeat'))).toMatchObject({
      hint: expect.stringContaining('kube-audit-admin'),
    });
  });

  it('takes the newest names where nobody could read which tables there are, and says so', () => {
    expect(chooseQuery(saved('agent-errors'), ground())).toMatchObject({
      text: expect.stringMatching(/^ContainerLogV2\n/),
      remarks: [expect.stringContaining('ContainerLogV2 on the Analytics plan is assumed')],
    });
  });

  it.each([
    ['dedicated tables', true, 'AKSAuditAdmin', 'AuditId'],
    ['AzureDiagnostics', false, 'AzureDiagnostics', ''],
  ])('reads audit from where the diagnostic setting sends it: %s', (_name, isDedicated, table, rowId) => {
    const both = ground('AKSAuditAdmin', 'AKSAudit', 'AzureDiagnostics');
    const chosen = chooseQuery(saved('deletes'), { ...both, diagnostics: [setting(isDedicated)] });
    expect(chosen).toMatchObject({ text: expect.stringMatching(new RegExp(`^${table}\n`)), rowId });
  });

  it('asks several tables together only where that is possible, and names those left out', () => {
    const chosen = chooseQuery(
      saved('ingestion-health'),
      ground('Heartbeat', 'ContainerLogV2', 'ContainerNetworkLogs*'),
    );
    expect('text' in chosen && chosen.text.split('\n')[0]).toBe(
      'union withsource=Table isfuzzy=true Heartbeat, ContainerLogV2',
    );
    expect(chosen).toMatchObject({
      searchTable: '',
      remarks: expect.arrayContaining(['ContainerNetworkLogs is left out: on its plan it can only be asked alone.']),
    });
  });

  it.each([
    ['a parameter that it needs', 'flows-between', { from: 'a/b' }, 'flows-between needs to.'],
    ['one that it has not', 'denied-flows', { table: 'T' }, 'denied-flows has no parameter table.'],
    ['a line break', 'pod-logs', { pod: 'a\n| union T' }, 'control character'],
  ])('refuses what cannot be meant: %s', (_name, id, given, words) => {
    expect(() => chooseQuery(saved(id), ground(), given)).toThrow(words);
  });

  it.each([
    ['" or true or "', String.raw`| where PodNamespace == "\" or true or \""`],
    [String.raw`\" | project Secret //`, String.raw`| where PodNamespace == "\\\" | project Secret //"`],
    ["it's", `| where PodNamespace == "it's"`],
    ['`{x}$', '| where PodNamespace == "`{x}$"'],
  ])('takes what is given as text and as nothing else: %s', (namespace, line) => {
    const chosen = chooseQuery(saved('pod-logs'), ground(), { namespace });
    expect('text' in chosen && chosen.text.split('\n')).toContain(line);
  });
});
