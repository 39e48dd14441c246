/** Knows when nobody has pressed a key for `afterMs`, and says so once; and says so when somebody does again. */
export function createIdle(afterMs: number, tell: (idle: boolean) => void): { press(): void; stop(): void } {
  let idle = false;
  const timer = setTimeout(() => {
    idle = true;
    tell(true);
  }, afterMs);
  return {
    press() {
      // Keys come by the dozen: starting the same timer again costs less than a new one.
      timer.refresh();
      if (!idle) return;
      idle = false;
      tell(false);
    },
    stop: () => clearTimeout(timer),
  };
}
