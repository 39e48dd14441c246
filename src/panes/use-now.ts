import { useEffect, useState } from 'react';

/** The time, read anew every `everyMs`: ages grow although nothing changes. */
export function useNow(now: () => number, everyMs = 1_000): number {
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), everyMs);
    return () => clearInterval(timer);
  }, [now, everyMs]);
  return time;
}
