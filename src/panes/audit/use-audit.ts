import { useEffect, useState } from 'react';
import { messageOf } from '../../errors.ts';
import type { AuditStory } from '../../model/audit-story.ts';
import type { PaneProps } from '../pane-props.ts';

export type ReadAudit = { stories: readonly AuditStory[]; phase: 'loading' | 'here' | 'failed'; problem: string };

/** Other sessions on this machine write into the same file. */
const everyMs = 2_000;

/** What the audit tells, the newest first, read anew while somebody looks. */
export function useAudit(asks: PaneProps['asks']): ReadAudit {
  const [read, setRead] = useState<ReadAudit>({ stories: [], phase: 'loading', problem: '' });
  useEffect(() => {
    let left = false;
    let timer: NodeJS.Timeout | undefined;
    const ask = async () => {
      const next = await asks.audit().then(
        (stories): ReadAudit => ({ stories: stories.toReversed(), phase: 'here', problem: '' }),
        (error: unknown): ReadAudit => ({ stories: [], phase: 'failed', problem: messageOf(error) }),
      );
      if (left) return;
      setRead(next);
      timer = setTimeout(() => void ask(), everyMs);
    };
    void ask();
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [asks]);
  return read;
}
