import { readFileSync } from 'node:fs';

/** What a process has cost so far, from /proc: CPU seconds of all its threads, and its greatest resident size in MB. */
export function processCost(pid: number): { cpuSeconds: number; peakMegabytes: number } {
  // The second field is the command in brackets and may hold blanks; utime and stime are the 14th and 15th.
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return { cpuSeconds: ticks / 100, peakMegabytes: Number(peak?.[1] ?? 0) / 1024 };
}
