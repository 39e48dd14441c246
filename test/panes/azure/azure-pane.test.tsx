import { expect, test } from 'vitest';
import type { AzureLogin } from '../../../src/model/azure/login.ts';
import type { Change } from '../../../src/model/change.ts';
import type { FactId } from '../../../src/model/facts.ts';
import type { Link } from '../../../src/model/link.ts';
import { AzureScreen } from '../../../src/panes/azure/AzureScreen.tsx';
import { now, snapshotOf } from '../fixtures/cluster.ts';
import { draw, frameOf } from '../fixtures/frame.tsx';

const nobody: AzureLogin = {
  ...{ state: 'none', cloud: 'public', credential: '', account: '', tenant: '', expires: 0, problems: [] },
  state: 'none',
};
const jane: AzureLogin = {
  ...nobody,
  ...{ state: 'signed-in', credential: 'Azure CLI', account: 'jane@contoso.test', tenant: 'tenant-1' },
  expires: now + 2_460_000,
};

function changes(login: AzureLogin, links: Partial<Record<FactId, Link>> = {}): Change[] {
  const live = { phase: 'live', heard: now } as const;
  const facts = Object.entries(links).map(([fact, link]) => ({ type: 'fact', fact, link, at: now }) as Change);
  return [{ type: 'fact', fact: 'azureLogin', value: login, link: live, at: now }, ...facts];
}

function page(
  login: AzureLogin,
  links: Partial<Record<FactId, Link>> = {},
  size: [number, number] = [80, 16],
): string[] {
  const lines = draw(AzureScreen, snapshotOf({ changes: changes(login, links) }), frameOf(...size));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(size[0]);
  return lines.map((line) => line.trimEnd()).filter((line, index) => line !== '' || index < 3);
}

test('signed in, with what is read and what is not, each with its reason', () => {
  const links: Partial<Record<FactId, Link>> = {
    arm: { phase: 'live', heard: now - 12_000 },
    workspace: {
      ...{ phase: 'forbidden', heard: 0, retryAt: now + 540_000 },
      problem: 'No permission to read the workspace w. Ask for the role Log Analytics Reader.',
    } as Link,
    activity: {
      phase: 'stale',
      heard: now - 400_000,
      problem: 'Azure asks us to slow down (429).',
      retryAt: now + 30_000,
    },
    alerts: { phase: 'connecting', heard: 0 },
  };
  expect(page(jane, links)).toEqual([
    expect.stringMatching(/^── Azure ─ ● signed in ─+$/),
    '▸ signed in   jane@contoso.test by Azure CLI',
    '  tenant      tenant-1',
    '  cloud       public',
    '  token       good for 41:00, then renewed without you where that is allowed',
    '  What is read there',
    '  ● managed cluster in Azure          read 12s ago',
    '  ○ Log Analytics workspace           forbidden, asked again in 9m',
    '    No permission to read the workspace w. Ask for the role Log Analytics',
    '    Reader.',
    '  ▲ activity log                      stale, read 6m ago, asked again in 30s',
    '    Azure asks us to slow down (429).',
    '  ◐ alert rules in Azure              asking',
  ]);
});

test('nobody signed in: what was tried, what to do, and one reason for all that is not read', () => {
  const problem = 'Nobody is signed in to Azure. Run `az login`.';
  const failed: Link = { phase: 'failed', heard: 0, problem };
  const problems = ['Azure CLI: az is not installed here. Install it, or sign in with :login.'];
  expect(page({ ...nobody, problems }, { arm: failed, alerts: failed })).toEqual([
    expect.stringMatching(/^── Azure ─ ○ not signed in ─+$/),
    '▸ cloud       public',
    '  · Azure CLI: az is not installed here. Install it, or sign in with :login.',
    '  l signs in with a code that is typed elsewhere. After `az login` on this',
    '  machine ctrl-r asks again, unless you signed out here. All that Kubernetes',
    '  tells is there without it.',
    '  What is read there',
    `  ${problem}`,
  ]);
});

const states: [string, AzureLogin, string][] = [
  ['off', { ...nobody, state: 'off' }, '○ off: --no-azure'],
  ['asking', { ...nobody, state: 'asking' }, '◐ asking'],
  ['ended', { ...jane, expires: now - 1_000 }, '▲ sign-in has ended'],
  ['failed', { ...nobody, state: 'failed' }, '✖ sign-in failed'],
];
test.each(states)('%s: said in the title', (_name, login, title) => {
  expect(page(login)[0]).toContain(title);
});

test('a very small terminal', () => {
  expect(page(jane, { arm: { phase: 'live', heard: now } }, [20, 5])).toHaveLength(5);
});
