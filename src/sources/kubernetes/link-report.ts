import type { Change } from '../../model/change.ts';
import type { Link, SourceId } from '../../model/link.ts';

/** Says how one source is doing, as changes, and no more often than somebody could want to know. */
export type LinkReport = {
  phase(): Link['phase'];
  /** Replaces everything but `heard`. */
  say(phase: Link['phase'], more?: Partial<Omit<Link, 'phase' | 'heard'>>): void;
  /** Bytes arrived: told at most every two seconds. */
  hear(): void;
};

const heardEvery = 2_000;
const loadedEvery = 200;

/** `now`: the server's clock, by which every age is counted. */
export function createLinkReport(source: SourceId, emit: (change: Change) => void, now: () => number): LinkReport {
  let link: Link = { phase: 'connecting', heard: 0 };
  let told = Number.NEGATIVE_INFINITY;

  function tell(): void {
    told = performance.now();
    emit({ type: 'link', source, link });
  }

  emit({ type: 'link', source, link });
  return {
    phase: () => link.phase,
    say(phase, more = {}) {
      const progress = phase === 'loading' && link.phase === 'loading' && more.problem === link.problem;
      link = { phase, heard: link.heard, ...more };
      if (!progress || performance.now() - told >= loadedEvery) tell();
    },
    hear() {
      link = { ...link, heard: now() };
      if (performance.now() - told >= heardEvery) tell();
    },
  };
}
