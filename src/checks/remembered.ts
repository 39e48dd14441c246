import { type Cleared, type Finding, findingKey, type Judgement } from '../model/finding.ts';

/** What was told before: what is new, what stands since when, and what is over. */
export type Remembered = {
  /** The findings with the moment each was first told; `looked` = whether a check could look this time. */
  told(findings: readonly Finding[], looked: (id: string) => boolean, now: number): readonly Finding[];
  cleared(): Judgement['cleared'];
  since(): number;
};

/** An hour, or so many: whoever comes to the screen wants to know what was, not all that ever was. */
const clearedMs = 3_600_000;
const mostCleared = 30;

export function createRemembered(): Remembered {
  let known: readonly Finding[] = [];
  let cleared: readonly Cleared[] = [];
  let since = 0;
  return {
    since: () => since,
    cleared: () => cleared,
    told(findings, looked, now) {
      if (since === 0) since = now;
      const keys = new Set(findings.map(findingKey));
      const before = new Map(known.map((finding) => [findingKey(finding), finding]));
      const told = findings.map((finding) => {
        const same =
          before.get(findingKey(finding)) ??
          // Its first object may have changed while it stayed wrong.
          [...before.values()].find((one) => one.id === finding.id && !keys.has(findingKey(one)));
        if (same !== undefined) before.delete(findingKey(same));
        return { ...finding, told: same?.told ?? now };
      });
      const explained = new Set(findings.flatMap(({ explains = [] }) => explains.map(({ id }) => id)));
      const gone = [...before.values()];
      // What nobody can see, or stands under its cause by now, is not over.
      const over = gone.filter(({ id }) => looked(id) && !explained.has(id));
      cleared = [...over.map((finding) => ({ finding, at: now })), ...cleared]
        .filter(({ finding, at }) => now - at < clearedMs && !keys.has(findingKey(finding)))
        .slice(0, mostCleared);
      known = [...told, ...gone.filter(({ id }) => !looked(id))];
      return told;
    },
  };
}
