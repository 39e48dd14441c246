// An application: JSON access lines, a few a minute.

import type { FailingAnswers } from '../../world/causes.ts';
import { chance, chanceBetween, hex, pick } from '../chance.ts';
import { type Program, spread } from '../program.ts';
import type { Run } from '../run.ts';
import type { Scene } from '../scene.ts';
import type { Pod } from '../shapes.ts';

const paths = ['/', '/healthz', '/api/v1/items', '/api/v1/items/42', '/api/v1/orders', '/metrics'] as const;

export function workloadProgram({ causes }: Pick<Scene, 'causes'>, pod: Pod, run: Run): Program {
  const name = pod.metadata.labels?.app ?? run.container;
  const seed = pod.metadata.uid ?? pod.metadata.name;
  return {
    opening: (at) =>
      spread(at, 90, [
        (t) => json(t, 'info', 'starting', { service: name, revision: hex(run.image, 7) }),
        (t) => json(t, 'info', 'listening', { service: name, port: 8080 }),
      ]),
    habits: [
      {
        every: 6_000,
        say(at, turn) {
          const key = `${seed} ${turn}`;
          const { share, status } = failingOf(causes, pod, at) ?? { share: 0.005, status: 503 };
          const failed = chance(key) > 1 - share;
          return json(at, failed ? 'warn' : 'info', 'request', {
            method: chance(`${key} m`) > 0.8 ? 'POST' : 'GET',
            path: pick(`${key} p`, paths),
            status: failed ? status : 200,
            ms: chanceBetween(`${key} ms`, 1, 180),
            trace: hex(`${key} trace`, 16),
          });
        },
      },
    ],
    closing: (at, words, exitCode) => {
      if (words !== '') return words.split('\n');
      return exitCode === 0 || exitCode === 143 ? [json(at, 'info', 'shutting down', { service: name })] : [];
    },
  };
}

function failingOf(causes: Scene['causes'], { metadata }: Pod, at: number): FailingAnswers | undefined {
  if (at < causes.since('failingAnswers')) return undefined;
  return causes
    .now()
    .failingAnswers.find(
      ({ namespace, labels }) =>
        namespace === metadata.namespace &&
        Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value),
    );
}

function json(at: number, level: string, message: string, fields: Record<string, string | number>): string {
  return JSON.stringify({ time: new Date(at).toISOString(), level, msg: message, ...fields });
}
