import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pod, type SmallCluster, startSmallCluster } from './small-cluster.ts';

const pods = '/api/v1/namespaces/shop/pods';
const maps = '/api/v1/namespaces/shop/configmaps';
const policies = '/apis/cilium.io/v2/namespaces/shop/ciliumnetworkpolicies';

type Exchange = {
  it: string;
  ask: [method: string, path: string, body?: unknown, headers?: Record<string, string>];
  token?: string;
  status: number;
  /** Of a Status. */
  message?: string | RegExp;
  reason?: string;
  /** Matched as a part of the body. */
  body?: object;
};

const apply = { 'content-type': 'application/apply-patch+yaml' };
const strategic = { 'content-type': 'application/strategic-merge-patch+json' };
const jsonPatch = { 'content-type': 'application/json-patch+json' };

const map = (name: string, data: object, more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
  ...more,
});
const policy = (name: string, rule: object) => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name },
  spec: { endpointSelector: {}, ...rule },
});

// One server, in this order: what an exchange writes the next ones read.
const exchanges: Exchange[] = [
  // Who may ask.
  {
    it: 'refuses an unknown token',
    ask: ['GET', '/api/v1/nodes'],
    token: 'nobody',
    status: 401,
    message: 'Unauthorized',
  },
  { it: 'refuses an expired token', ask: ['GET', '/version'], token: 'old', status: 401, reason: 'Unauthorized' },
  { it: 'tells anybody its version', ask: ['GET', '/version'], token: '', status: 200, body: { major: '1' } },
  {
    it: 'shows nothing else to nobody',
    ask: ['GET', '/apis'],
    token: '',
    status: 403,
    message: 'forbidden: User "system:anonymous" cannot get path "/apis"',
  },
  {
    it: 'keeps a reader without rights to discovery',
    ask: ['GET', '/apis/cilium.io/v2/ciliumendpoints'],
    token: 'reader',
    status: 403,
    message:
      'ciliumendpoints.cilium.io is forbidden: User "reader" cannot list resource "ciliumendpoints" in API group "cilium.io" at the cluster scope',
  },
  {
    it: 'lets a user of one namespace into it',
    ask: ['GET', pods],
    token: 'shop',
    status: 200,
    body: { kind: 'PodList' },
  },
  {
    it: 'keeps a user of one namespace out of the others',
    ask: ['GET', '/api/v1/namespaces/kube-system/pods/x'],
    token: 'shop',
    status: 403,
    message:
      'pods "x" is forbidden: User "shop-user" cannot get resource "pods" in API group "" in the namespace "kube-system"',
  },
  {
    it: 'answers what one may do',
    ask: [
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'shop' } },
      },
    ],
    token: 'shop',
    status: 201,
    body: { status: { allowed: true } },
  },
  // What there is.
  { it: 'has no page for an unknown group', ask: ['GET', '/apis/nothing.example/v1'], status: 404 },
  {
    it: 'does not know every kind of a known group',
    ask: ['GET', '/api/v1/nothings'],
    status: 404,
    message: 'the server could not find the requested resource',
  },
  {
    it: 'lists the groups at once when asked so',
    ask: [
      'GET',
      '/apis',
      undefined,
      { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    ],
    status: 200,
    body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' },
  },
  {
    it: 'says what it cannot write',
    ask: ['GET', pods, undefined, { accept: 'text/html' }],
    status: 406,
    reason: 'NotAcceptable',
  },
  // Creating.
  {
    it: 'creates with defaults',
    ask: ['POST', pods, pod('web-0')],
    status: 201,
    body: { status: { phase: 'Pending' }, spec: { restartPolicy: 'Always' }, metadata: { generation: 1 } },
  },
  {
    it: 'refuses a name twice',
    ask: ['POST', pods, pod('web-0')],
    status: 409,
    message: 'pods "web-0" already exists',
  },
  {
    it: 'refuses what has no namespace',
    ask: ['POST', '/api/v1/namespaces/none/pods', { ...pod('a'), metadata: { name: 'a' } }],
    status: 404,
    message: 'namespaces "none" not found',
  },
  {
    it: 'refuses a bad name',
    ask: ['POST', pods, pod('Bad_Name')],
    status: 422,
    message: /^Pod "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain/,
  },
  {
    it: 'refuses half a JSON',
    ask: ['POST', pods, '{"kind":"Pod",'],
    status: 400,
    message: /json parse error: unexpected end of JSON input/,
  },
  {
    it: 'warns of an unknown field',
    ask: ['POST', maps, map('warned', { a: '1' }, { nope: 1 })],
    status: 201,
    body: { data: { a: '1' } },
  },
  {
    it: 'refuses an unknown field where asked to be strict',
    ask: ['POST', `${maps}?fieldValidation=Strict`, map('strict', {}, { nope: 1 })],
    status: 400,
    message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "nope"',
  },
  {
    it: 'makes nothing in a dry run',
    ask: ['POST', `${maps}?dryRun=All`, map('dry', {})],
    status: 201,
    body: { kind: 'ConfigMap' },
  },
  { it: 'has made nothing', ask: ['GET', `${maps}/dry`], status: 404, message: 'configmaps "dry" not found' },
  {
    it: 'checks a policy by its schema',
    ask: ['POST', policies, policy('bad', { egress: [{ toPorts: [{ ports: [{ port: 8080, protocol: 'TCPX' }] }] }] })],
    status: 422,
    message:
      'CiliumNetworkPolicy.cilium.io "bad" is invalid: [spec.egress[0].toPorts[0].ports[0].port: Invalid value: "integer": spec.egress[0].toPorts[0].ports[0].port in body must be of type string: "integer", spec.egress[0].toPorts[0].ports[0].protocol: Unsupported value: "TCPX": supported values: "TCP", "UDP", "SCTP", "ANY"]',
  },
  {
    it: 'drops what a policy does not have',
    ask: ['POST', policies, policy('good', { ingres: [] })],
    status: 201,
    body: { spec: { endpointSelector: {} } },
  },
  // Patching.
  {
    it: 'merges',
    ask: ['PATCH', `${pods}/web-0`, { metadata: { labels: { x: '1' } } }],
    status: 200,
    body: { metadata: { labels: { app: 'web', x: '1' } } },
  },
  {
    it: 'merges containers by name',
    ask: [
      'PATCH',
      `${pods}/web-0`,
      { spec: { containers: [{ name: 'c', image: 'registry.example/app:2' }] } },
      strategic,
    ],
    status: 200,
    body: { spec: { containers: [{ name: 'c', image: 'registry.example/app:2', imagePullPolicy: 'IfNotPresent' }] } },
  },
  {
    it: 'applies operations',
    ask: ['PATCH', `${pods}/web-0`, [{ op: 'remove', path: '/metadata/labels/x' }], jsonPatch],
    status: 200,
  },
  {
    it: 'refuses an operation whose test fails',
    ask: ['PATCH', `${pods}/web-0`, [{ op: 'test', path: '/metadata/labels/app', value: 'no' }], jsonPatch],
    status: 422,
    reason: 'Invalid',
  },
  {
    it: 'has no strategic merge for custom kinds',
    ask: ['PATCH', `${policies}/good`, {}, strategic],
    status: 415,
    message: /accepted media types include: application\/json-patch\+json/,
  },
  {
    it: 'keeps a pod as it is',
    ask: ['PATCH', `${pods}/web-0`, { spec: { nodeName: 'other' } }],
    status: 422,
    message: /pod updates may not change fields other than/,
  },
  {
    it: 'ignores a status where it is not asked for one',
    ask: ['PATCH', `${pods}/web-0`, { status: { phase: 'Running' } }],
    status: 200,
    body: { status: { phase: 'Pending' } },
  },
  {
    it: 'takes a status where it is',
    ask: ['PATCH', `${pods}/web-0/status`, { status: { phase: 'Running' }, spec: { nodeName: 'no' } }],
    status: 200,
    body: { status: { phase: 'Running' }, spec: { nodeName: 'node-1' } },
  },
  // Applying.
  {
    it: 'creates by apply',
    ask: ['PATCH', `${maps}/applied?fieldManager=a`, map('applied', { k: 'v', mine: '1' }), apply],
    status: 201,
  },
  {
    it: 'names the owner of a field',
    ask: ['PATCH', `${maps}/applied?fieldManager=b`, map('applied', { k: 'w' }), apply],
    status: 409,
    message: 'Apply failed with 1 conflict: conflict with "a": .data.k',
    reason: 'Conflict',
  },
  {
    it: 'previews a forced apply',
    ask: ['PATCH', `${maps}/applied?fieldManager=b&force=true&dryRun=All`, map('applied', { k: 'w' }), apply],
    status: 200,
    body: { data: { k: 'w', mine: '1' } },
  },
  {
    it: 'shares what both want',
    ask: ['PATCH', `${maps}/applied?fieldManager=b`, map('applied', { k: 'v', his: '2' }), apply],
    status: 200,
    body: { data: { k: 'v', mine: '1', his: '2' } },
  },
  {
    it: 'removes what its only owner drops',
    ask: ['PATCH', `${maps}/applied?fieldManager=a`, map('applied', { k: 'v' }), apply],
    status: 200,
    body: { data: { k: 'v', his: '2' } },
  },
  {
    it: 'wants a manager',
    ask: ['PATCH', `${maps}/applied`, map('applied', {}), apply],
    status: 422,
    message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
  },
  // Replacing.
  {
    it: 'refuses a stale object',
    ask: ['PUT', `${maps}/applied`, { ...map('applied', {}), metadata: { name: 'applied', resourceVersion: '1' } }],
    status: 409,
    message:
      'Operation cannot be fulfilled on configmaps "applied": the object has been modified; please apply your changes to the latest version and try again',
  },
  {
    it: 'refuses another name',
    ask: ['PUT', `${maps}/applied`, map('other', {})],
    status: 400,
    message: 'the name of the object (other) does not match the name on the URL (applied)',
  },
  // Reading.
  {
    it: 'refuses a selector',
    ask: ['GET', `${pods}?labelSelector=a+b`],
    status: 400,
    message: "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
  },
  {
    it: 'selects by labels',
    ask: ['GET', `${pods}?labelSelector=app+in+(web),!x`],
    status: 200,
    body: { items: [{ metadata: { name: 'web-0' } }] },
  },
  {
    it: 'selects by field',
    ask: ['GET', '/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-2'],
    status: 200,
    body: { items: [] },
  },
  {
    it: 'refuses a field',
    ask: ['GET', '/api/v1/pods?fieldSelector=spec.nope%3Dx'],
    status: 400,
    message: 'field label not supported: spec.nope',
  },
  {
    it: 'does not know the future',
    ask: ['GET', `${pods}?resourceVersion=999999999&resourceVersionMatch=NotOlderThan`],
    status: 504,
    message: /^Timeout: Too large resource version: 999999999, current: \d+$/,
  },
  {
    it: 'refuses a token nobody gave',
    ask: ['GET', `${pods}?limit=1&continue=garbage`],
    status: 400,
    message:
      "invalid continue token: continue key is not valid: invalid character '\\u0081' looking for beginning of value",
  },
  // Deleting.
  {
    it: 'deletes what it was asked for and nothing else',
    ask: ['DELETE', `${pods}/web-0`, { preconditions: { uid: 'another' } }],
    status: 409,
    message: /the UID in the precondition \(another\) does not match the UID in record/,
  },
  {
    it: 'gives a running pod its time',
    ask: ['DELETE', `${pods}/web-0`],
    status: 200,
    body: { kind: 'Pod', metadata: { deletionGracePeriodSeconds: 30, generation: 3 } },
  },
  {
    it: 'ends a pod at once where asked',
    ask: ['DELETE', `${pods}/web-0`, { gracePeriodSeconds: 0 }],
    status: 200,
    body: { kind: 'Pod' },
  },
  { it: 'has ended it', ask: ['GET', `${pods}/web-0`], status: 404, message: 'pods "web-0" not found' },
  {
    it: 'says what it deleted',
    ask: ['DELETE', `${policies}/good`],
    status: 200,
    body: { kind: 'Status', status: 'Success', details: { kind: 'ciliumnetworkpolicies' } },
  },
  { it: 'answers nothing it does not do', ask: ['PUT', pods, {}], status: 405, reason: 'MethodNotAllowed' },
];

describe('the API server', () => {
  let cluster: SmallCluster;
  beforeAll(async () => {
    cluster = await startSmallCluster();
  });
  afterAll(() => cluster.stop());

  for (const exchange of exchanges) {
    it(exchange.it, async () => {
      const [method, path, body, headers = {}] = exchange.ask;
      const more = {
        headers,
        ...(body === undefined ? {} : { body }),
        ...(exchange.token === undefined ? {} : { token: exchange.token }),
      };
      const answer = await cluster.ask(method, path, more);
      expect(answer.body).toMatchObject({
        ...(exchange.message === undefined || exchange.message instanceof RegExp ? {} : { message: exchange.message }),
        ...(exchange.reason === undefined ? {} : { reason: exchange.reason }),
        ...exchange.body,
      });
      if (exchange.message instanceof RegExp) expect(answer.body.message).toMatch(exchange.message);
      // What is there too much matters in data: an apply removes.
      const { data } = (exchange.body ?? {}) as { data?: object };
      if (data !== undefined) expect(answer.body['data']).toEqual(data);
      expect(answer.status).toBe(exchange.status);
    });
  }

  it('puts its warning into a header', async () => {
    const { headers } = await cluster.ask('POST', maps, { body: map('warned-again', {}, { nope: 1 }) });
    expect(headers['warning']).toBe('299 - "unknown field \\"nope\\""');
  });

  it('does not keep what it pruned', async () => {
    const { body } = await cluster.ask('POST', policies, { body: policy('pruned', { ingres: [] }) });
    expect(body['spec']).toEqual({ endpointSelector: {} });
  });
});
