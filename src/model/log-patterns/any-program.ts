import type { LogPattern, LogProgram } from './log-pattern.ts';

const programs: readonly LogProgram[] = ['agent', 'operator', 'cni', 'azure-ipam', 'cns', 'envoy', 'relay', 'init'];

/**
 * What any of the programs may say: bugs by their signature, and what the API server answered. Looked at after the others.
 * The kubelet's events are not among them, as they repeat what other people's containers say.
 */
export const anyProgramPatterns: readonly LogPattern[] = [
  {
    id: 'deadlock',
    row: 47,
    programs,
    substrings: ['POTENTIAL DEADLOCK:'],
    severity: 'error',
    meaning: 'The program waits for itself: a bug.',
    next: 'Keep the log, also of the run before, and report it.',
  },
  {
    id: 'panic',
    row: 47,
    programs,
    substrings: ['panic: '],
    // Go writes it at the beginning of a line, a logger as the beginning of its message or after what caught it.
    besides: /(?:^|["\]A-Z] ?|[Oo]bserved a |from |caught )panic: |panic: runtime error/,
    severity: 'error',
    meaning: 'The program broke down: a bug.',
    next: 'Keep the log of the run before, with the lines that follow, and report it.',
  },
  {
    id: 'bad-log-key',
    row: 47,
    programs,
    substrings: ['!BADKEY'],
    severity: 'note',
    meaning: 'A line is logged wrongly: a bug without consequences.',
    next: 'Read what stands beside it; report it.',
  },
  {
    id: 'symbol-skipped',
    row: 47,
    programs: ['agent'],
    substrings: ['Skipping symbol substitution'],
    severity: 'error',
    meaning: 'A datapath program was not made as it should be: a bug.',
    next: 'Keep the log and report it.',
  },
  {
    id: 'stat-unstable',
    row: 47,
    programs: ['agent'],
    substrings: ['BUG: stat() has unstable behavior'],
    severity: 'error',
    meaning: 'The node’s file system answers differently each time.',
    next: 'Keep the log and report it; reimage the node.',
  },
  {
    id: 'map-replaced',
    row: 47,
    programs: ['agent'],
    substrings: ['Removing map to allow for property upgrade'],
    severity: 'warning',
    meaning: 'A map was made anew with other properties: what it held is lost.',
    next: 'Once after an upgrade is usual; connections that it tracked break.',
  },
  {
    id: 'crd-version-missing',
    row: 4,
    programs: ['agent', 'operator', 'cns', 'init'],
    substrings: ['the server could not find the requested resource'],
    severity: 'error',
    meaning: 'The API server lacks a version that is asked for, as during an upgrade.',
    next: 'Compare the versions of the CRDs with those of the images.',
    runbook: 'upgrade-mismatch',
  },
  {
    id: 'write-conflict',
    row: 50,
    programs: [...programs, 'kubelet'],
    substrings: ['the object has been modified; please apply your changes'],
    severity: 'note',
    meaning: 'Two wrote the same object at once; it is tried again.',
    next: 'Harmless unless it goes on.',
  },
];
