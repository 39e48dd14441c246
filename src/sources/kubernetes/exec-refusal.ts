import { isTriedAgain, tryAgain } from '../../errors.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { ApiProblem, connectionProblem, statusProblem } from './api-problem.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What it means that a command was answered with a status instead of a WebSocket. */
export function execRefusal(status: number, headers: Headers, body: string, program: string): ApiProblem {
  if (status < 400 || /upgrade request required/i.test(body)) return noWebSocket(`it answered ${status}`);
  const problem = statusProblem(status, headers, body, 'run commands in pods (create and get pods/exec)');
  switch (problem.kind) {
    case 'throttled': {
      const wait = problem.retryAfterMs > 0 ? ` Try again in ${Math.ceil(problem.retryAfterMs / 1_000)}s.` : '';
      return new ApiProblem('throttled', `${problem.what}${wait}`, problem.hint, problem);
    }
    case 'refused':
    case 'server': {
      const said = problem.said || plainWords(body) || 'no reason is given';
      const what = `${program} was not run (${status}): ${said.replace(/\.$/, '')}.`;
      return new ApiProblem(problem.kind, what, kubeletHint(said), problem);
    }
    default:
      return problem;
  }
}

/** What to try, by the words of the kubelet, the runtime or konnectivity. */
export function kubeletHint(said: string): string {
  if (/dialing backend|no agent available|:10250/i.test(said)) {
    return 'The API server does not reach the node’s kubelet: look at the konnectivity-agent pods in kube-system, and at the node.';
  }
  if (/previous terminated/i.test(said)) return 'Where it was never restarted there is no log from before.';
  if (/container|not running|stopped|host assigned/i.test(said)) return 'Is the container running?';
  return tryAgain;
}

/** What it means that no WebSocket came to be, or that it broke. */
export function execConnectionProblem(error: Error & { code?: string }, server: string): ApiProblem {
  if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return new ApiProblem('server', 'The command answers with more than 8 MB at once.', 'Ask for less.');
  }
  if (/subprotocol/i.test(error.message)) {
    return new ApiProblem(
      'server',
      'The server speaks no form of exec that is known here (v5, v4.channel.k8s.io).',
      'A proxy in between may have dropped Sec-WebSocket-Protocol.',
    );
  }
  if (/invalid (upgrade|connection|sec-websocket-\w+) header/i.test(error.message)) return noWebSocket(error.message);
  const problem = connectionProblem(error, server);
  // Nobody runs a command a second time by themselves.
  return problem.hint === isTriedAgain ? new ApiProblem(problem.kind, problem.what, tryAgain, problem) : problem;
}

function noWebSocket(how: string): ApiProblem {
  return new ApiProblem(
    'server',
    `No command can be run: no WebSocket comes to the API server (${sanitiseLine(how, 100)}).`,
    'A proxy in between must pass `Upgrade: websocket` for /api/v1/namespaces/*/pods/*/exec; SPDY is not spoken here.',
  );
}

/** Proxies and older kubelets answer with a bare line. */
function plainWords(body: string): string {
  const [line = ''] = body.trim().split('\n');
  return /^[<{[]/.test(line) ? '' : sanitiseLine(line, 200);
}
