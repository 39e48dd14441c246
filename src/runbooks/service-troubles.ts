// Where the way from a service to its pods ends, as runbooks word it.
import { count, names } from '../checks/words.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { ServiceWay } from '../model/service-way.ts';
import type { Cause, Confidence } from './runbook.ts';

export type WayTrouble = { id: string; text: string; confidence: Confidence; next: string };

/** What stands in the way of whoever connects to this service; none where it leads to ready pods. */
export function wayTroubles({ service, pods, ready, unready, ports, atZero }: ServiceWay): readonly WayTrouble[] {
  const name = `Service ${service.namespace}/${service.name}`;
  const selector = Object.entries(service.selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  if (atZero !== undefined)
    return [
      {
        ...{ id: 'scaled-to-none', confidence: 'certain' },
        text: `${name} leads nowhere: ${atZero.name} is scaled to 0.`,
        next: 'Scale it up again.',
      },
    ];
  if (pods.length === 0)
    return [
      {
        ...{ id: 'selector-matches-nothing', confidence: 'certain' },
        text: `${name} selects no pod: none in ${service.namespace} has ${selector}.`,
        next: 'Give the service the labels that its pods have, or the pods those of the service.',
      },
    ];
  const unmet = ports
    .filter(({ state }) => state !== 'met')
    .map(({ title, target, state, declared }): WayTrouble => {
      const nameless = state === 'nameless';
      const has = `its pods have ${names(declared) || 'no port'}`;
      return {
        id: nameless ? 'target-port-unmatched' : 'target-port-undeclared',
        confidence: nameless ? 'certain' : 'possible',
        text: `${name} ${title} leads to ${nameless ? 'a port named' : 'port'} ${target}, which no container ${nameless ? 'has' : 'declares'}; ${has}.`,
        next: nameless
          ? 'Set the target port to the name or number that the containers have.'
          : 'See whether anything listens there; otherwise set the target port to one that the containers declare.',
      };
    });
  // Who runs none that could be ready has another trouble: pods that do not start.
  if (ready.length > 0 || service.clusterIP === 'None') return unmet;
  const running = unready.length > 0;
  const isDns = service.namespace === 'kube-system' && service.name === 'kube-dns';
  return [
    {
      ...{ id: running ? 'no-ready-pods' : 'pods-do-not-run', confidence: 'certain' },
      text: running
        ? `${name} has no ready pod: ${unready.length} of ${count(pods.length, 'pod')} ${howUnready(unready)}.`
        : `${name} has no ready pod: none of ${count(pods.length, 'pod')} runs.`,
      next: isDns
        ? 'Runbook dns-failures says why CoreDNS is not ready.'
        : !running
          ? 'See why these pods do not start: they are the trouble.'
          : unready.every(({ status }) => status === 'ContainerCreating')
            ? 'They have no container yet: where their network is what they wait for, runbook pods-stuck-creating says why.'
            : 'Read the log of one of these pods, and what its probe sees; what it depends on may be what fails.',
    },
    ...unmet,
  ];
}

function howUnready(unready: ServiceWay['unready']): string {
  const other = names(unready.map(({ status }) => status).filter((status) => status !== 'Running'));
  return other === '' ? 'run, and their readiness probes fail' : `were started and are not ready: ${other}`;
}

export function wayCause({ service, unready }: ServiceWay, { id, text, confidence, next }: WayTrouble): Cause {
  const { namespace } = service;
  const pods = unready.slice(0, 3).map(({ name }): ObjectRef => ({ kind: 'Pod', namespace, name }));
  return { id, text, confidence, next, objects: [{ kind: 'Service', namespace, name: service.name }, ...pods] };
}
