import { afterEach, describe, expect, it } from 'vitest';
import type { Asks, LogEvent, LogRequest } from '../../../src/model/asks.ts';
import { AgentScreen } from '../../../src/panes/agent/AgentScreen.tsx';
import { logWords } from '../../../src/panes/log-words.ts';
import type { PaneProps } from '../../../src/panes/pane-props.ts';
import { spansText } from '../../../src/panes/spans.ts';
import {
  crashLooping,
  iso,
  minutes,
  now,
  oldAgent,
  sickObjects,
  snapshotOf,
  withOldAgent,
} from '../fixtures/cluster.ts';
import { frameOf, noAsks } from '../fixtures/frame.tsx';
import { type Mounted, mount } from '../fixtures/mount.tsx';

const sickNode = 'aks-np2-31415926-vmss000000';
const wellNode = 'aks-np1-31415926-vmss000000';

function asksWith(logged: LogRequest[], more: Partial<Asks> = {}): PaneProps['asks'] {
  async function* logs(request: LogRequest): AsyncIterable<LogEvent> {
    logged.push(request);
    yield {
      type: 'lines',
      lines: [
        'mount: /sys/fs/bpf: operation not permitted',
        'time=2026-03-04T12:01:00Z level=error msg="cannot go on" subsys=daemon',
      ],
    };
    yield { type: 'end', text: 'the container ended' };
  }
  return { ...noAsks, logs, ...more } as PaneProps['asks'];
}

const backOff = {
  metadata: { name: 'e1', namespace: 'kube-system', uid: 'e1', creationTimestamp: iso(now - minutes(3)) },
  involvedObject: { kind: 'Pod', namespace: 'kube-system', name: 'cilium-jx7k2', uid: 'uid-cilium-jx7k2' },
  type: 'Warning',
  reason: 'BackOff',
  message: 'Back-off restarting failed container mount-bpf-fs',
  count: 7,
  firstTimestamp: iso(now - minutes(14)),
  lastTimestamp: iso(now - minutes(2)),
};
const sick = () => snapshotOf({ objects: { ...sickObjects(), events: [backOff] }, findings: [crashLooping] });

describe('one agent', () => {
  let app: Mounted | undefined;
  afterEach(() => app?.close());
  const open = (node: string, asks: PaneProps['asks'], snapshot = sick()) => {
    app = mount(AgentScreen, snapshot, frameOf(120, 60, { args: [node] }), asks);
    return app;
  };

  it('is a warning where it is older than this Kubernetes asks for, as its finding is', async () => {
    const text = await open(oldAgent, asksWith([]), withOldAgent()).until(/version +1\.17\.3/);
    expect(text).toMatch(/Agent · \S+ ─ ▲ ready/);
    expect(text).toMatch(/▲ ready for .*\n *▲ 1 of 12 agents below 1\.18\.6/);
  });

  it('shows what keeps it from running, its containers, conditions, events and the previous log of the failing one', async () => {
    const logged: LogRequest[] = [];
    const text = await open(sickNode, asksWith(logged)).until(/operation not permitted\n[\s\S]*cannot go on/);
    expect(text).toMatch(/Agent · aks-np2-31415926-vmss000000 ─ ✖ crash loop/);
    expect(text).toMatch(/✖ crash loop for 14m · init mount-bpf-fs: mount: operation not permitted/);
    expect(text).toMatch(/only they: node image 202611.04.0/);
    expect(text).toMatch(/taint +node.cilium.io\/agent-not-ready:NoSchedule since 11:50Z/);
    expect(text).toMatch(
      /✖ init mount-bpf-fs waiting: CrashLoopBackOff · 7 restarts\n +last words: mount: operation not permitted\n +before: Error exit 1 at 12:02:00/,
    );
    expect(text).toMatch(/◐ cilium-agent waiting: PodInitializing/);
    expect(text).toMatch(/● Ready=True/);
    expect(text).toMatch(/12:02:00 BackOff ×7 Back-off restarting/);
    expect(text).toMatch(/Log · previous run of mount-bpf-fs/);
    expect(text).toMatch(/12:01:00 cannot go on {2}subsys=daemon/);
    expect(logged).toEqual([
      {
        namespace: 'kube-system',
        pod: 'cilium-jx7k2',
        container: 'mount-bpf-fs',
        previous: true,
        follow: false,
        tailLines: 40,
      },
    ]);
  });

  it('says so where the log cannot be had', async () => {
    const asks = asksWith([], {
      // biome-ignore lint/correctness/useYield: a stream that fails before its first line
      async *logs() {
        throw new Error('No permission: get pods/log in kube-system.');
      },
    });
    await open(sickNode, asks).until(/No permission: get pods\/log[\s\S]*stands with its container/);
  });

  it('asks the agent itself on a key only, and shows what it says', async () => {
    const asked: unknown[] = [];
    const agent = (async (_agent: unknown, question: unknown) => {
      asked.push(question);
      return [{ name: 'cilium', state: 'ok', text: 'Ok · 1.18.6', below: [] }];
    }) as unknown as Asks['agent'];
    const mounted = open(wellNode, asksWith([], { agent }));
    await mounted.until(/a asks the agent/);
    expect(asked).toEqual([]);
    await mounted.press('a');
    await mounted.until(/● cilium +Ok · 1.18.6/);
    expect(asked).toEqual(['opinion']);
  });

  it('does not ask an agent that does not run', async () => {
    const mounted = open(sickNode, asksWith([]));
    await mounted.until(/Log ·/);
    expect(await mounted.press('a')).toBe('its container cilium-agent does not run, so nothing can be asked');
  });

  it('opens logs from the container line and the finding with v', async () => {
    const mounted = open(sickNode, asksWith([]));
    await mounted.until(/Containers/);
    await mounted.press('/mount-bpf-fs waiting', 'enter', 'l', 'v');
    expect(mounted.told.went).toEqual([
      { pane: 'log', args: ['kube-system', 'cilium-jx7k2', 'mount-bpf-fs', 'previous'] },
      { pane: 'log', args: ['kube-system', 'cilium-jx7k2', 'mount-bpf-fs', 'previous'] },
      { pane: 'why', args: ['agents/crash-looping|Pod|kube-system|cilium-jx7k2'] },
    ]);
  });

  it('says so when the node is gone', async () => {
    await open('aks-gone', asksWith([])).until(/gone[\s\S]*There is no node and no agent called aks-gone any more/);
  });
});

describe('a line of the agent’s log', () => {
  it.each([
    [
      'time=2026-03-04T12:01:00.123Z level=info msg="New endpoint" module=agent ciliumEndpointName=a/b',
      '12:01:00 New endpoint  module=agent ciliumEndpointName=a/b',
    ],
    ['level=warning msg="say \\"hi\\"" time="2026-03-04T12:01:00Z" subsys=x', '12:01:00 say "hi"  subsys=x'],
    ['mount: permission denied', 'mount: permission denied'],
    ['time=broken msg=', 'time=broken msg='],
  ])('%s', (line, words) => {
    expect(spansText(logWords(line))).toBe(words);
  });

  it('is marked by its level', () => {
    expect(logWords('time=2026-03-04T12:01:00Z level=fatal msg=x').map(({ tone }) => tone)).toContain('error');
  });
});
