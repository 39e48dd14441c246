/** What a fault makes go wrong with the workspace. A number is how many questions it still touches. */
export type LogTroubles = {
  /** Some rows come minutes after their batch. */
  late: boolean;
  /** Some rows are delivered twice. */
  duplicates: boolean;
  /** Nothing is taken in: what would be meanwhile is lost. */
  stopped: boolean;
  /** 429 with Retry-After. */
  throttled: number;
  /** 200 with PartialError, and only the first half of the rows. */
  partial: number;
  /** 504. */
  timedOut: number;
  /** Rows and tables that mean harm. */
  hostile: boolean;
};

export type LiveTroubles = {
  now(): Readonly<LogTroubles>;
  change(next: Partial<LogTroubles>): void;
  /** Whether this question is touched, and one less from now on. */
  strikes(trouble: 'throttled' | 'partial' | 'timedOut'): boolean;
  /** Called after a change. */
  listen(after: () => void): void;
};

export function createLiveTroubles(): LiveTroubles {
  let troubles: LogTroubles = {
    late: false,
    duplicates: false,
    stopped: false,
    throttled: 0,
    partial: 0,
    timedOut: 0,
    hostile: false,
  };
  const listeners: (() => void)[] = [];
  return {
    now: () => troubles,
    change(next) {
      troubles = { ...troubles, ...next };
      for (const after of listeners) after();
    },
    strikes(trouble) {
      const left = troubles[trouble];
      if (left <= 0) return false;
      troubles = { ...troubles, [trouble]: left - 1 };
      return true;
    },
    listen: (after) => void listeners.push(after),
  };
}
