// What an agent has asked the API server since it started, by the answers it got.
import type { Scene } from './scene.ts';

/** Of its three calls a minute so many more are turned away while somebody else asks for too much: it tries again. */
const refusedPerMinute = 9;

/** `minutes`: for how long the agent has run. */
export function apiCalls(scene: Scene, minutes: number, unready: boolean): readonly { code: string; calls: number }[] {
  const { busyClient } = scene.causes.now();
  const crowded =
    busyClient === undefined ? 0 : Math.min(minutes, (scene.now() - scene.causes.since('busyClient')) / 60_000);
  return [
    { code: '200', calls: minutes * 3 + 60 },
    { code: '429', calls: crowded * refusedPerMinute },
    { code: '<error>', calls: unready ? minutes * 2 : 0 },
  ].filter(({ code, calls }) => calls >= 1 || code !== '429');
}
