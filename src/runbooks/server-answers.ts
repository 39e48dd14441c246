// How servers answer, by the flow logs.
import { count, number } from '../checks/words.ts';
import { refText } from '../model/ref.ts';
import { type ServiceWay, serviceWay } from '../model/service-way.ts';
import { httpAnswers } from '../queries/http-answers.ts';
import { askLogs } from './logged.ts';
import { nothingOf, seen, speaksFor } from './look.ts';
import type { Cause, LookAsks, Looked, RunState } from './runbook.ts';

/** From so many calls on, so large a part of them is more than the everyday. */
export const leastCalls = 20;
export const muchShare = 0.1;

export type Server = { server: string; calls: number; failed: number; forbidden: number; worst: number };

export async function answers(state: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const { target } = state;
  const { rows, remarks } = await askLogs(state, asks, httpAnswers, { namespace: target?.namespace ?? '' }, signal);
  const source = 'KQL http-answers';
  const way = target && serviceWay(state.snapshot, target.namespace ?? '', target.name);
  const servers = rows
    .map(({ Server, Calls, Failed, Forbidden, Worst }): Server => {
      return {
        server: String(Server),
        calls: Number(Calls),
        failed: Number(Failed),
        forbidden: Number(Forbidden),
        worst: Number(Worst),
      };
    })
    .filter(({ server }) => way === undefined || isServer(way, server));
  const missed = remarks === '' ? {} : { missed: remarks };
  const sick = servers.filter(
    ({ calls, failed, forbidden }) =>
      calls >= leastCalls && (failed / calls >= muchShare || forbidden / calls >= muchShare),
  );
  if (sick.length === 0) {
    const total = servers.reduce((sum, { calls }) => sum + calls, 0);
    if (total === 0 && target !== undefined)
      return {
        evidence: [seen(`no answer of ${refText(target)} was seen`, source)],
        missed: `no HTTP of ${refText(target)} is in the flow logs`,
      };
    return {
      ...nothingOf(
        `${number(total)} answers of ${count(servers.length, 'server')}: nobody fails in ${muchShare * 100}% of them`,
        source,
      ),
      ...missed,
    };
  }
  return {
    evidence: sick.slice(0, 5).map((one) => speaksFor(shareText(one), source)),
    causes: sick.slice(0, 5).map(causeOf),
    value: sick,
    ...missed,
  };
}

/** Flow logs name the workload: the service's pods carry its name in front. */
export function isServer({ service, pods }: ServiceWay, server: string): boolean {
  const [namespace, workload = ''] = server.split('/');
  return (
    namespace === service.namespace && pods.some(({ name }) => name === workload || name.startsWith(`${workload}-`))
  );
}

function shareText({ server, calls, failed, forbidden, worst }: Server): string {
  const part = (some: number) => `${Math.round((some / calls) * 100)}%`;
  const said = [
    ...(failed > 0 ? [`5xx in ${part(failed)} (${number(failed)}), up to ${worst}`] : []),
    ...(forbidden > 0 ? [`403 in ${part(forbidden)} (${number(forbidden)})`] : []),
  ];
  return `${server}: ${said.join(', ')} of ${number(calls)} answers`;
}

function causeOf(one: Server): Cause {
  const [namespace = '', name = ''] = one.server.split('/');
  const refused = one.forbidden > one.failed;
  return {
    id: refused ? 'calls-forbidden' : 'server-answers-with-errors',
    text: refused
      ? `${shareText(one)}: the proxy answers 403 where no HTTP rule allows the call, and so may the server itself.`
      : `${shareText(one)}; the proxy only passes them on.`,
    confidence: refused ? 'possible' : 'likely',
    objects: [{ kind: 'Deployment', namespace, name }],
    next: refused
      ? 'Compare method and path of the calls with the HTTP rules of the policy about this server.'
      : 'Look into the log of its pods and at what they call themselves: the network delivered the calls and their answers.',
  };
}
