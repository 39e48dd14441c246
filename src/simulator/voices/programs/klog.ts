// Programs that write with klog: konnectivity-agent, the autoscalers, CSI drivers, metrics-server.
import { chance } from '../chance.ts';
import { type Program, spread } from '../program.ts';
import type { Run } from '../run.ts';
import type { Pod } from '../shapes.ts';

export function konnectivityProgram(pod: Pod): Program {
  const server = 'konnectivity-svc';
  return {
    opening: (at) =>
      spread(at, 60, [
        (t) => klog(t, 'I', 'options.go:131', 'AgentCert set to "".'),
        (t) => klog(t, 'I', 'options.go:139', `ProxyServerHost set to "${server}".`),
        (t) => klog(t, 'I', 'main.go:154', '"Establishing tunnel"'),
        (t) =>
          klog(
            t,
            'I',
            'client.go:210',
            `"Connected to" server="${chance(pod.metadata.uid ?? '')
              .toString(36)
              .slice(2)}"`,
          ),
      ]),
    habits: [
      {
        every: 600_000,
        say: (at) =>
          klog(
            at,
            'I',
            'client.go:528',
            `"remote connection EOF" connectionID=${String(Math.floor(at / 1000) % 90_000)}`,
          ),
      },
    ],
    closing: (at, words) => lastLines(at, words, 'client.go:193'),
  };
}

/** A program of kube-system we know nothing particular of. */
export function klogProgram(run: Run): Program {
  return {
    opening: (at) =>
      spread(at, 60, [
        (t) => klog(t, 'I', 'main.go:88', `"Starting" program="${run.container}"`),
        (t) =>
          klog(
            t,
            'I',
            'reflector.go:436',
            '"Caches populated" type="*v1.Node" reflector="k8s.io/client-go/informers/factory.go:160"',
          ),
      ]),
    habits: [
      {
        every: 420_000,
        say: (at) =>
          klog(
            at,
            'I',
            'reflector.go:946',
            '"Watch close" reflector="k8s.io/client-go/informers/factory.go:160" type="*v1.Node" totalItems=12',
          ),
      },
    ],
    closing: (at, words) => lastLines(at, words, 'main.go:140'),
  };
}

function lastLines(at: number, words: string, place: string): string[] {
  const lines = words.split('\n').filter((line) => line !== '');
  return lines.map((line) => (/^[IWEF]\d{4} /.test(line) ? line : klog(at, 'F', place, line)));
}

function klog(at: number, level: 'I' | 'W' | 'E' | 'F', place: string, message: string): string {
  const iso = new Date(at).toISOString();
  return `${level}${iso.slice(5, 7)}${iso.slice(8, 10)} ${iso.slice(11, 23)}000       1 ${place}] ${message}`;
}
