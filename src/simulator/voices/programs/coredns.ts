import { chanceBetween, hex } from '../chance.ts';
import { type Program, spread } from '../program.ts';
import type { Pod } from '../shapes.ts';

export function corednsProgram(pod: Pod): Program {
  const address = pod.status?.podIP ?? '';
  return {
    opening: (at) =>
      spread(at, 40, [
        () => `.:53`,
        () => `[INFO] plugin/reload: Running configuration SHA512 = ${hex('Corefile', 64)}${hex('Corefile 2', 64)}`,
        () => 'CoreDNS-1.12.1',
        () => 'linux/amd64, go1.24.1, 707c7c1',
      ]),
    habits: [
      {
        // Names outside the cluster whose upstream is slow for a moment: every cluster's CoreDNS says so now and then.
        every: 1_800_000,
        say: (_at, turn) =>
          `[ERROR] plugin/errors: 2 login.microsoftonline.com. AAAA: read udp ${address}:${chanceBetween(`${address} ${turn}`, 32768, 60999)}->168.63.129.16:53: i/o timeout`,
      },
    ],
    closing: (_at, words, exitCode) => {
      if (words !== '') return words.split('\n');
      return exitCode === 0 ? ['[INFO] SIGTERM: Shutting down servers then terminating'] : [];
    },
  };
}
