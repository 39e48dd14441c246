import { cases } from '../cases.ts';

const restarted = (restarts: number, started: string, finished: string, made = '5h') => `
kind: Pod
metadata: { namespace: kube-system, name: cilium-1, creationTimestamp: <${made} ago> }
status:
  containerStatuses:
    - name: cilium-agent
      ready: true
      restartCount: ${restarts}
      state: { running: { startedAt: <${finished} ago> } }
      lastState: { terminated: { exitCode: 137, reason: OOMKilled, startedAt: <${started} ago>, finishedAt: <${finished} ago> } }
`;
const tells = ['agents/restarting: 1 of 3 agents restarted more than once within the hour'];

cases('agents/restarting', {
  'twice within half an hour': { over: restarted(2, '40m', '10m'), tells },
  once: { over: restarted(1, '40m', '10m'), tells: [] },
  'many times, but the last run lasted for hours': { over: restarted(9, '4h', '10m'), tells: [] },
  'twice, but hours ago': { over: restarted(2, '3h', '150m'), tells: [] },
  'while its node joined': { over: restarted(3, '38m', '37m', '40m'), tells: [] },
});
