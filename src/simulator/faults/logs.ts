// Logs nobody would want to read, and must all the same survive.
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fault, status } from './fault.ts';

export const logFaults: readonly Fault[] = [
  {
    id: 'log-gone',
    title: 'A log is answered with HTTP 404: the container is gone.',
    verbs: ['get'],
    intercept: () => (request) =>
      request.subresource === 'log'
        ? status(404, 'NotFound', `pods "${request.name}" not found`, { details: { name: request.name, kind: 'pods' } })
        : undefined,
  },
  {
    id: 'log-cut',
    title: 'A log breaks off, as when the kubelet restarts.',
    verbs: ['get'],
    intercept: () => (request) => (request.subresource === 'log' ? { kind: 'reset', afterBytes: 4000 } : undefined),
  },
  { id: 'log-flood', title: 'A log of 20 MB a second.', log: (signal) => flood(signal) },
  { id: 'log-without-newline', title: 'A log of 5 MB without a newline.', log: () => once('x'.repeat(5_000_000)) },
  { id: 'log-binary', title: 'A log of bytes that are no text.', log: () => once(binary()) },
];

async function* flood(signal: AbortSignal): AsyncGenerator<{ at: number; line: string }> {
  const line = `flood ${'0123456789'.repeat(19)}`;
  const linesPerTick = Math.round(20_000_000 / (line.length + 1) / 20);
  while (!signal.aborted) {
    for (let i = 0; i < linesPerTick; i++) yield { at: Date.now(), line };
    await sleep(50, undefined, { signal }).catch(() => {});
  }
}

async function* once(line: string): AsyncGenerator<{ at: number; line: string }> {
  yield { at: Date.now(), line };
}

function binary(): string {
  return Array.from({ length: 4096 }, (_, index) => String.fromCharCode((index * 31) % 256)).join('');
}
