// What a server answers when it is not well, or does not want to.
import { type Fault, reads, status, writes } from './fault.ts';

export const answerFaults: readonly Fault[] = [
  {
    id: 'too-many-requests',
    title: 'HTTP 429 with Retry-After: 10.',
    intercept: () => () =>
      status(429, 'TooManyRequests', 'the server has received too many requests and has asked us to try again later', {
        retryAfterSeconds: 10,
      }),
  },
  {
    id: 'server-errors',
    title: 'Every other request is answered with HTTP 500 or 503.',
    intercept() {
      let turn = 0;
      return () => {
        turn++;
        if (turn % 2 === 0) return undefined;
        return turn % 4 === 1
          ? status(500, 'InternalError', 'Internal error occurred: etcdserver: leader changed')
          : status(503, 'ServiceUnavailable', 'apiserver is shutting down');
      };
    },
  },
  {
    id: 'unauthorized-once',
    title: 'One request is answered with HTTP 401; the same credentials work again after it.',
    intercept() {
      let done = false;
      return () => {
        if (done) return undefined;
        done = true;
        return status(401, 'Unauthorized', 'Unauthorized');
      };
    },
  },
  {
    id: 'unauthorized',
    title: 'Every request is answered with HTTP 401.',
    intercept: () => () => status(401, 'Unauthorized', 'Unauthorized'),
  },
  {
    id: 'forbidden',
    title: 'HTTP 403 for one kind (default: pods).',
    verbs: reads,
    resource: 'pods',
    intercept: () => forbid,
  },
  {
    id: 'rights-revoked',
    title: 'As forbidden, and open connections are reset, so that the change is noticed at once.',
    verbs: reads,
    resource: 'pods',
    intercept: () => forbid,
    begin(ground) {
      ground.server.dropConnections();
      return () => {};
    },
  },
  {
    id: 'write-conflict',
    title: 'A change is refused with HTTP 409: somebody else was faster.',
    verbs: writes,
    intercept: () => (request) =>
      status(
        409,
        'Conflict',
        `Operation cannot be fulfilled on ${request.resource} "${request.name}": the object has been modified; please apply your changes to the latest version and try again`,
      ),
  },
  {
    id: 'admission-denied',
    title: 'A change is refused with HTTP 403 by an admission webhook.',
    verbs: writes,
    intercept: () => () =>
      status(
        403,
        'Forbidden',
        'admission webhook "validation.gatekeeper.sh" denied the request: [container-must-have-limits] container has no memory limit',
      ),
  },
  {
    id: 'admission-forbidden',
    title: 'A change is refused with HTTP 403 by an admission plugin of the server itself: no right is missing.',
    verbs: writes,
    intercept: () => (request) =>
      status(
        403,
        'Forbidden',
        `${request.resource} "${request.name}" is forbidden: unable to create new content in namespace ${request.namespace} because it is being terminated`,
      ),
  },
  {
    id: 'write-invalid',
    title: 'A change is refused with HTTP 422: a field is wrong.',
    verbs: writes,
    intercept: () => (request) =>
      status(
        422,
        'Invalid',
        `${request.resource} "${request.name}" is invalid: spec: Invalid value: "x": field is immutable`,
      ),
  },
  {
    id: 'write-lost',
    title: 'A change is carried out, and the connection breaks before the answer.',
    verbs: writes,
    intercept: () => () => ({ kind: 'lose-answer' }),
  },
  {
    id: 'metrics-down',
    title: 'Metrics are not to be had: HTTP 503 from the metrics API and from pods.',
    intercept: () => (request) =>
      request.group === 'metrics.k8s.io' || request.subresource.startsWith('proxy')
        ? status(503, 'ServiceUnavailable', 'the server is currently unable to handle the request')
        : undefined,
  },
];

function forbid(request: { user: string; verb: string; resource: string; group: string; namespace: string }) {
  const where = request.namespace === '' ? 'at the cluster scope' : `in the namespace "${request.namespace}"`;
  const kind = request.group === '' ? request.resource : `${request.resource}.${request.group}`;
  const message = `${kind} is forbidden: User "${request.user}" cannot ${request.verb} resource "${request.resource}" in API group "${request.group}" ${where}`;
  return status(403, 'Forbidden', message, {
    details: { kind: request.resource, ...(request.group === '' ? {} : { group: request.group }) },
  });
}
