import { describe, expect, test } from 'vitest';
import { refText } from '../../src/model/ref.ts';
import { apply, type Snapshot } from '../../src/model/snapshot.ts';
import { afterPut, allLive, noon, snapshotOf } from '../fixtures/snapshot-of.ts';

const policy = (version: number, edits: string, more = '') => `
---
{kind: CiliumNetworkPolicy, metadata: {name: deny-all, namespace: pay, uid: cnp, resourceVersion: "${version}", creationTimestamp: "2026-11-22T09:00:00Z", managedFields: [${edits}]}, spec: {${more}}}`;
const edit = (at: string, field: string, manager = 'kubectl-edit', more = '') =>
  `{manager: ${manager}, operation: Update, time: "2026-11-22T${at}Z", fieldsV1: {"f:spec": {"f:${field}": {}}}${more}}`;
const node = (version: number, more: string, ready = 'True', since = '08:01:00') => `
---
{kind: Node, metadata: {name: n1, uid: n1, resourceVersion: "${version}", creationTimestamp: "2026-11-22T08:00:00Z"}, spec: {${more}},
  status: {conditions: [{type: Ready, status: "${ready}", reason: KubeletStopped, lastTransitionTime: "2026-11-22T${since}Z"}], nodeInfo: {kubeletVersion: v1.34.2}}}`;
const agent = (version: number, last: string) => `
---
{kind: Pod, metadata: {name: cilium-a, namespace: kube-system, uid: p, resourceVersion: "${version}", creationTimestamp: "2026-11-22T08:00:00Z"}, spec: {nodeName: n1, containers: [{name: cilium-agent}]},
  status: {phase: Running, containerStatuses: [{name: cilium-agent, restartCount: 1, state: {running: {}}, lastState: {terminated: {reason: Error, exitCode: 1, finishedAt: "2026-11-22T${last}Z"}}}]}}`;
const revision = (number: number, at: string, tag: string) => `
---
{kind: ControllerRevision, metadata: {name: cilium-${number}, namespace: kube-system, uid: r${number}, creationTimestamp: "2026-11-22T${at}Z", ownerReferences: [{kind: DaemonSet, name: cilium, controller: true}]}, revision: ${number},
  data: {spec: {template: {spec: {containers: [{name: cilium-agent, image: "cilium:${tag}"}]}}}}}`;
const lease = (version: number, holder: string, acquired: string) => `
---
{kind: Lease, metadata: {name: cilium-operator-resource-lock, namespace: kube-system, uid: l, resourceVersion: "${version}"}, spec: {holderIdentity: ${holder}, acquireTime: "2026-11-22T${acquired}.000000Z"}}`;
const event = (name: string, pod: string, reason: string, namespace: string, type = 'Warning', at = '11:30:00') => `
---
{kind: Event, metadata: {name: ${name}, namespace: ${namespace}, uid: ${name}}, type: ${type}, reason: ${reason}, message: said, source: {component: kubelet}, involvedObject: {kind: Pod, name: ${pod}, namespace: ${namespace}}, firstTimestamp: "2026-11-22T${at}Z", lastTimestamp: "2026-11-22T${at}Z", count: 2}`;

function told(snapshot: Snapshot): string[] {
  return snapshot.timeline.entries.map((one) => {
    const times = one.count > 1 ? ` ×${one.count}` : '';
    const who = one.who === '' ? '' : ` by ${one.who}`;
    const detail = one.detail === '' ? '' : ` ${one.detail}`;
    const until = one.last === undefined ? '' : ` until ${new Date(one.last).toISOString().slice(11, 19)}`;
    const others = one.others === undefined ? '' : ` and ${one.others.map(({ name }) => name).join(' ')}`;
    return `${new Date(one.at).toISOString().slice(11, 19)} ${one.what} ${refText(one.object)}${others}${detail}${who}${times}${until}`;
  });
}

describe('the hour before the page', () => {
  test.each([
    [
      'edits, with the fields and who wrote them; status is none',
      policy(1, `${edit('11:59:46', 'egress')}, ${edit('11:00:00', 'x', 'cilium-operator', ', subresource: status')}`),
      [
        '11:59:46 edited CiliumNetworkPolicy pay/deny-all spec.egress by kubectl-edit',
        '09:00:00 created CiliumNetworkPolicy pay/deny-all',
      ],
    ],
    [
      'who created it',
      policy(1, edit('09:00:00', 'egress', 'argocd')),
      ['09:00:00 created CiliumNetworkPolicy pay/deny-all by argocd'],
    ],
    [
      'a node that lost its kubelet, and its taints',
      node(
        1,
        'taints: [{key: node.kubernetes.io/unreachable, effect: NoExecute, timeAdded: "2026-11-22T11:41:00Z"}, {key: old, effect: NoSchedule}]',
        'Unknown',
        '11:40:00',
      ),
      [
        '11:41:00 tainted Node n1 node.kubernetes.io/unreachable:NoExecute',
        '11:40:00 not-ready Node n1 KubeletStopped',
        '08:00:00 created Node n1',
      ],
    ],
    [
      'how a container ended',
      agent(1, '11:50:00'),
      [
        '11:50:00 restarted Pod kube-system/cilium-a cilium-agent: Error exit 1',
        '08:00:00 created Pod kube-system/cilium-a',
      ],
    ],
    [
      'rollouts by their revisions',
      revision(12, '09:00:00', 'v1.18.6') + revision(13, '11:50:40', 'v1.18.9'),
      [
        '11:50:40 rollout DaemonSet kube-system/cilium revision 12 → 13, cilium-agent v1.18.6 → v1.18.9',
        '09:00:00 rollout DaemonSet kube-system/cilium revision 11 → 12',
      ],
    ],
    [
      'who scaled a workload, and to what',
      `
---
{kind: Deployment, metadata: {name: cilium-operator, namespace: kube-system, uid: d, creationTimestamp: "2026-11-22T09:00:00Z", managedFields: [{manager: kubectl, operation: Update, subresource: scale, time: "2026-11-22T11:45:00Z", fieldsV1: {"f:spec": {"f:replicas": {}}}}]}, spec: {replicas: 0}}`,
      [
        '11:45:00 scaled Deployment kube-system/cilium-operator to 0 replicas by kubectl',
        '09:00:00 created Deployment kube-system/cilium-operator',
      ],
    ],
    [
      'a rollout by the agent’s image, though an init container changed too',
      revision(12, '09:00:00', 'v1.18.6').replace(
        'containers:',
        'initContainers: [{name: config, image: "cilium:v1"}], containers:',
      ) +
        revision(13, '11:50:40', 'v1.18.9').replace(
          'containers:',
          'initContainers: [{name: config, image: "cilium:v2"}], containers:',
        ),
      [
        '11:50:40 rollout DaemonSet kube-system/cilium revision 12 → 13, cilium-agent v1.18.6 → v1.18.9',
        '09:00:00 rollout DaemonSet kube-system/cilium revision 11 → 12',
      ],
    ],
    [
      'rollouts by the revision before, wherever it stands in the list, and by no other where that is gone',
      revision(11, '08:00:00', 'v1.18.4') +
        revision(15, '11:50:40', 'v1.18.9') +
        revision(14, '10:00:00', 'v1.18.8') +
        revision(13, '09:00:00', 'v1.18.6'),
      [
        '11:50:40 rollout DaemonSet kube-system/cilium revision 14 → 15',
        '10:00:00 rollout DaemonSet kube-system/cilium revision 13 → 14',
        '09:00:00 rollout DaemonSet kube-system/cilium revision 12 → 13',
        '08:00:00 rollout DaemonSet kube-system/cilium revision 10 → 11',
      ],
    ],
    ['a first revision is no rollout', revision(1, '09:00:00', 'v1.18.6'), []],
    [
      'who holds the lease',
      lease(1, 'op-a', '11:00:00'),
      ['11:00:00 lease Lease kube-system/cilium-operator-resource-lock held by op-a'],
    ],
    [
      'a warning',
      event('e1', 'web', 'BackOff', 'kube-system'),
      ['11:30:00 event Pod kube-system/web BackOff: said by kubelet ×2'],
    ],
    ['a normal event is no news', event('e1', 'web', 'Pulled', 'kube-system', 'Normal'), []],
    [
      'warnings of many pods of a namespace are one',
      event('e1', 'a', 'FailedMount', 'shop') + event('e2', 'b', 'FailedMount', 'shop'),
      ['11:30:00 event Pod shop/a and b FailedMount: said by kubelet ×4'],
    ],
    [
      'pods of users come and go unsaid',
      '{kind: Pod, metadata: {name: web, namespace: shop, uid: w, creationTimestamp: "2026-11-22T11:00:00Z"}}',
      [],
    ],
  ])('%s', (_, yaml, expected) => expect(told(snapshotOf(yaml))).toEqual(expected));

  test('is not live, and says how far back it tells', () => {
    const { timeline } = snapshotOf(policy(1, ''));
    expect(timeline.entries.map((one) => one.live)).toEqual([false]);
    expect(timeline).toMatchObject({ watchedSince: noon, tellsSince: Date.parse('2026-11-22T09:00:00Z') });
  });
});

describe('what happens live', () => {
  const toldAfter = (before: string, change: string) =>
    told(afterPut(snapshotOf(before), change, noon + 1_000)).filter((line) => line >= '12');

  test.each([
    [
      'an edit is told once',
      policy(1, edit('11:00:00', 'egress')),
      policy(2, edit('12:00:01', 'egress')),
      ['12:00:01 edited CiliumNetworkPolicy pay/deny-all spec.egress by kubectl-edit'],
    ],
    ['cordoned', node(1, ''), node(2, 'unschedulable: true'), ['12:00:01 cordoned Node n1']],
    [
      'untainted',
      node(1, 'taints: [{key: a, effect: NoSchedule}]'),
      node(2, ''),
      ['12:00:01 untainted Node n1 a:NoSchedule'],
    ],
    ['not ready', node(1, ''), node(2, '', 'False', '12:00:00'), ['12:00:00 not-ready Node n1 KubeletStopped']],
    [
      'kubelet upgraded',
      node(1, ''),
      node(2, '').replace('v1.34.2', 'v1.34.3'),
      ['12:00:01 upgraded Node n1 kubelet v1.34.2 → v1.34.3'],
    ],
    [
      'another leader',
      lease(1, 'op-a', '11:00:00'),
      lease(2, 'op-b', '12:00:01'),
      ['12:00:01 lease Lease kube-system/cilium-operator-resource-lock op-a → op-b'],
    ],
    ['a renewal is no news', lease(1, 'op-a', '11:00:00'), lease(2, 'op-a', '11:00:00'), []],
    [
      'restarted again',
      agent(1, '11:40:00'),
      agent(2, '12:00:01'),
      ['12:00:01 restarted Pod kube-system/cilium-a cilium-agent: Error exit 1'],
    ],
  ])('%s', (_, before, change, expected) => expect(toldAfter(before, change)).toEqual(expected));

  test('deletions, only from when we watch', () => {
    const snapshot = apply(
      snapshotOf(policy(1, '')),
      [{ type: 'remove', kind: 'ciliumNetworkPolicies', uids: ['cnp'], at: noon + 1_000 }],
      noon + 1_000,
    );
    expect(told(snapshot)[0]).toBe('12:00:01 deleted CiliumNetworkPolicy pay/deny-all');
    expect(snapshot.timeline.entries[0]?.live).toBe(true);
  });

  test('an object of the future is told now', () => {
    const snapshot = afterPut(snapshotOf(''), policy(1, '').replace('09:00:00', '13:00:00'), noon + 1_000);
    expect(told(snapshot)).toEqual(['12:00:01 created CiliumNetworkPolicy pay/deny-all']);
  });

  test('slices made in a storm are one entry a minute and namespace', () => {
    const slices = Array.from(
      { length: 30 },
      (_, index) =>
        `{kind: CiliumEndpointSlice, metadata: {name: s${index}, uid: s${index}, creationTimestamp: "2026-11-22T11:59:30Z"}, namespace: shop}`,
    );
    const snapshot = afterPut(snapshotOf(''), slices.join('\n---\n'), noon);
    expect(snapshot.timeline.entries.map((one) => [one.what, one.count])).toEqual([['created', 30]]);
  });

  test('a slice edited by hand is told', () => {
    const slice = (version: number, manager: string, at: string) =>
      `{kind: CiliumEndpointSlice, metadata: {name: s, uid: s, resourceVersion: "${version}", creationTimestamp: "2026-11-22T09:00:00Z", managedFields: [{manager: ${manager}, operation: Update, time: "2026-11-22T${at}Z", fieldsV1: {"f:endpoints": {}}}]}, namespace: shop}`;
    expect(toldAfter(slice(1, 'cilium-operator-generic', '09:00:00'), slice(2, 'kubectl-edit', '12:00:00'))).toEqual([
      '12:00:00 edited CiliumEndpointSlice s endpoints of shop by kubectl-edit',
    ]);
    expect(
      toldAfter(slice(1, 'cilium-operator-generic', '09:00:00'), slice(2, 'cilium-operator-generic', '12:00:00')),
    ).toEqual([]);
  });
});

describe('one deed on several objects', () => {
  const deployment = (name: string, namespace: string, edits: string) => `
---
{kind: Deployment, metadata: {name: ${name}, namespace: ${namespace}, uid: ${namespace}-${name}, creationTimestamp: "2026-11-01T00:00:00Z", managedFields: [${edits}]}}`;
  const restart = (at: string) =>
    `{manager: kubectl-rollout, operation: Update, time: "2026-11-22T${at}Z", fieldsV1: {"f:spec": {"f:template": {"f:metadata": {"f:annotations": {"f:kubectl.kubernetes.io/restartedAt": {}}}}}}}`;
  const restarted = 'edited Deployment shop';
  const field = 'spec.template.metadata.annotations.kubectl.kubernetes.io/restartedAt by kubectl-rollout';
  const noted = (annotation: string) =>
    `{manager: kube-controller-manager, operation: Update, time: "2026-11-22T11:50:01Z", fieldsV1: {"f:metadata": {"f:annotations": {"f:${annotation}": {}}}}}`;

  test.each([
    [
      'is one entry, at its oldest moment',
      deployment('a', 'shop', restart('11:50:00')) + deployment('b', 'shop', restart('11:50:02')),
      [`11:50:00 ${restarted}/a and b ${field} ×2`],
    ],
    [
      'later is another deed',
      deployment('a', 'shop', restart('11:50:00')) + deployment('b', 'shop', restart('11:50:03')),
      [`11:50:03 ${restarted}/b ${field}`, `11:50:00 ${restarted}/a ${field}`],
    ],
    [
      'what runs the network stands apart',
      deployment('a', 'shop', restart('11:50:00')) + deployment('b', 'kube-system', restart('11:50:00')),
      [`11:50:00 ${restarted}/a ${field}`, `11:50:00 edited Deployment kube-system/b ${field}`],
    ],
    [
      'of different fields it tells those in common',
      policy(1, `${edit('11:50:00', 'egress": {}, "f:ingress')}`) +
        policy(1, `${edit('11:50:00', 'egress')}`)
          .replaceAll('deny-all', 'other')
          .replace('uid: cnp', 'uid: other'),
      ['11:50:00 edited CiliumNetworkPolicy pay/other and deny-all spec.egress, … by kubectl-edit ×2'],
    ],
    [
      'containers of one pod that end together are one restart',
      agent(1, '11:50:00')
        .replace(
          'containerStatuses: [',
          `containerStatuses: [{name: cilium-log, restartCount: 1, state: {running: {}}, lastState: {terminated: {reason: Error, exitCode: 1, finishedAt: "2026-11-22T11:50:00Z"}}}, `,
        )
        .replace('containers: [', 'containers: [{name: cilium-log}, '),
      ['11:50:00 restarted Pod kube-system/cilium-a cilium-agent, cilium-log: Error exit 1'],
    ],
    [
      'what the controller notes for itself is none',
      deployment('a', 'shop', noted('deployment.kubernetes.io/revision')),
      [],
    ],
  ])('%s', (_, yaml, expected) =>
    expect(told(snapshotOf(yaml)).filter((line) => !/ (created|ready) /.test(line))).toEqual(expected),
  );
});

describe('what one line names', () => {
  const pod = (workload: string, name: string, at: string, more = '', namespace = 'kube-system', node = 'n1') => `
---
{kind: Pod, metadata: {name: ${name}, namespace: ${namespace}, uid: ${namespace}-${name}, creationTimestamp: "2026-11-22T${at}Z", labels: {pod-template-hash: abc12}, ownerReferences: [{kind: ${workload.includes('-abc12') ? 'ReplicaSet' : 'DaemonSet'}, name: ${workload}, controller: true}]}, spec: {nodeName: ${node}, containers: [{name: c}]}, status: {phase: Running${more}}}`;
  const ended = (at: string) =>
    `, containerStatuses: [{name: c, restartCount: 1, state: {running: {}}, lastState: {terminated: {reason: Completed, exitCode: 0, finishedAt: "2026-11-22T${at}Z"}}}]`;
  const lines = (snapshot: Snapshot, what: string) =>
    snapshot.timeline.entries
      .filter((entry) => entry.what === what)
      .map(({ object, others = [], owner, detail, nodes = [] }) => {
        const whose = owner === undefined ? '' : ` of ${refText(owner)}`;
        return `${1 + others.length} ${object.kind}${whose} on ${nodes.join(' ')}${detail === '' ? '' : `: ${detail}`}`;
      });

  test('pods that are replaced, by their workload', () => {
    const uids = ['kube-system-cns-a', 'kube-system-cns-b'];
    const before = snapshotOf(
      pod('cns', 'cns-a', '08:00:00') + pod('cns', 'cns-b', '08:00:00', '', 'kube-system', 'n2'),
    );
    const gone = apply(before, [{ type: 'remove', kind: 'pods', uids, at: noon }], noon);
    const young = pod('cns', 'cns-c', '12:00:10') + pod('cns', 'cns-d', '12:00:50', '', 'kube-system', 'n2');
    const after = afterPut(gone, young, noon + 60_000);
    expect(lines(after, 'replaced')).toEqual(['2 Pod of DaemonSet kube-system/cns on n1 n2']);
    expect(lines(after, 'deleted')).toEqual([]);
    const [entry] = after.timeline.entries;
    expect([entry?.object.name, entry?.at]).toEqual(['cns-c', noon]);
  });

  test('pods that came, by their workload; another workload stands apart', () => {
    const yaml = ['a', 'b', 'c'].map((name, index) => pod('cilium', `cilium-${name}`, `11:50:0${index}`)).join('');
    expect(lines(snapshotOf(yaml + pod('cns', 'cns-a', '11:50:01')), 'created').slice(0, 2)).toEqual([
      '1 Pod of DaemonSet kube-system/cns on n1',
      '3 Pod of DaemonSet kube-system/cilium on n1',
    ]);
  });

  test('restarts of a workload of users, by the Deployment', () => {
    const yaml = ['a', 'b'].map((name, index) => pod('web-abc12', name, '08:00:00', ended(`11:50:3${index}`), 'shop'));
    expect(lines(snapshotOf(yaml.join('')), 'restarted')).toEqual([
      '2 Pod of Deployment shop/web on n1: c: Completed exit 0',
    ]);
  });

  test('nodes that restarted, by what ended together on them', () => {
    const onNode = (node: string, at: string) =>
      ['cilium', 'cns', 'proxy', 'web-abc12'].map((owner) =>
        pod(owner, `${owner}-${node}`, '08:00:00', ended(at), 'kube-system', node),
      );
    const yaml = [
      ...onNode('n1', '11:50:30'),
      ...onNode('n2', '11:51:10'),
      pod('lone', 'lone-n3', '08:00:00', ended('11:50:31'), 'kube-system', 'n3'),
    ];
    expect(lines(snapshotOf(yaml.join('')), 'restarted')).toEqual([
      '1 Pod of DaemonSet kube-system/lone on n3: c: Completed exit 0',
      '2 Node on n1 n2: ≈ 8 pods of 4 workloads ended together',
    ]);
  });

  test('fewer workloads that end together are no restart of their node', () => {
    const yaml = ['cilium', 'cns', 'proxy'].map((owner) => pod(owner, owner, '08:00:00', ended('11:50:30')));
    expect(lines(snapshotOf(yaml.join('')), 'restarted')).toHaveLength(3);
  });

  test('pods without a network, by the nodes they are on', () => {
    const stuck = (name: string, namespace: string, node: string, at: string) =>
      event(name, name, 'FailedCreatePodSandBox', namespace, 'Warning', at)
        .replace('message: said', "message: 'dial unix /var/run/cilium/cilium.sock: no such file'")
        .replace('component: kubelet', `component: kubelet, host: ${node}`);
    const yaml =
      stuck('a', 'shop', 'n1', '11:30:00') + stuck('b', 'pay', 'n1', '11:30:20') + stuck('c', 'pay', 'n2', '11:30:50');
    expect(lines(snapshotOf(yaml), 'event')).toEqual(['3 Pod on n1 n2: no sandbox: cilium.sock absent']);
  });

  describe('a rollout', () => {
    const deployment = (field: string) => `
---
{kind: Deployment, metadata: {name: web, namespace: shop, uid: d, creationTimestamp: "2026-11-22T09:00:00Z", managedFields: [{manager: argocd, operation: Update, time: "2026-11-22T11:45:00Z", fieldsV1: {"f:spec": {${field}}}}]}}`;
    const template = '"f:template": {"f:spec": {"f:dnsPolicy": {}}}';
    const made = (at: string) => `
---
{kind: ReplicaSet, metadata: {name: web-2, namespace: shop, uid: rs, creationTimestamp: "2026-11-22T${at}Z", annotations: {deployment.kubernetes.io/revision: "2"}, ownerReferences: [{kind: Deployment, name: web, controller: true}]}}`;
    const rollout = 'rollout Deployment shop/web revision 1 → 2';

    test('is told without the image that came with it', () => {
      const image = (version: number, tag: string) => `
---
{kind: Deployment, metadata: {name: web, namespace: shop, uid: d, resourceVersion: "${version}", creationTimestamp: "2026-11-22T09:00:00Z"}, spec: {template: {spec: {containers: [{name: web, image: "web:${tag}"}]}}}}`;
      const after = afterPut(snapshotOf(image(1, '1')), image(2, '2') + made('12:00:01'), noon + 1_000);
      expect(told(after).filter((line) => line >= '12')).toEqual([`12:00:01 ${rollout}`]);
    });

    test('is told without an image that is noticed only when all is listed anew, as long as it says it itself', () => {
      const image = (version: number, tag: string) => `
---
{kind: Deployment, metadata: {name: web, namespace: shop, uid: d, resourceVersion: "${version}", creationTimestamp: "2026-11-22T09:00:00Z"}, spec: {template: {spec: {containers: [{name: web, image: "web:${tag}"}]}}}}`;
      const set = (revision: number, at: string) => `
---
{kind: ReplicaSet, metadata: {name: web-${revision}, namespace: shop, uid: rs${revision}, creationTimestamp: "2026-11-22T${at}Z", annotations: {deployment.kubernetes.io/revision: "${revision}"}, ownerReferences: [{kind: Deployment, name: web, controller: true}]}, spec: {template: {spec: {containers: [{name: web, image: "web:${revision}"}]}}}}`;
      const first = () => snapshotOf(image(1, '1') + set(1, '09:00:00'));
      const gap = 120_000;
      const said = `12:00:01 ${rollout}, web 1 → 2`;
      const listed = afterPut(first(), image(2, '2') + set(2, '12:00:01'), noon + gap);
      expect(told(listed).filter((line) => line >= '12')).toEqual([said]);
      const another = afterPut(first(), image(2, '3') + set(2, '12:00:01'), noon + gap);
      expect(told(another).filter((line) => line >= '12')).toEqual([
        '12:02:00 image Deployment shop/web web=web:3',
        said,
      ]);
    });

    test.each([
      [
        'is told with who edited the template',
        deployment(template) + made('11:45:01'),
        [`11:45:01 ${rollout} by argocd`],
      ],
      [
        'is told beside an edit of something else, too',
        deployment(`${template}, "f:paused": {}`) + made('11:45:01'),
        [
          `11:45:01 ${rollout}`,
          '11:45:00 edited Deployment shop/web spec.template.spec.dnsPolicy, spec.paused by argocd',
        ],
      ],
      [
        'long after the edit is another deed',
        deployment(template) + made('11:46:00'),
        [`11:46:00 ${rollout}`, '11:45:00 edited Deployment shop/web spec.template.spec.dnsPolicy by argocd'],
      ],
    ])('%s', (_, yaml, expected) =>
      expect(told(snapshotOf(yaml)).filter((line) => !line.includes(' created '))).toEqual(expected),
    );
  });

  describe('a scaling', () => {
    const scaled = `
---
{kind: Deployment, metadata: {name: web, namespace: shop, uid: d, creationTimestamp: "2026-11-22T09:00:00Z", managedFields: [{manager: kubectl, operation: Update, subresource: scale, time: "2026-11-22T11:45:00Z", fieldsV1: {"f:spec": {"f:replicas": {}}}}]}, spec: {replicas: 12}}`;
    const step = (text: string, at: string) =>
      event(`e${at}`, 'web', 'ScalingReplicaSet', 'shop', 'Normal', at)
        .replace('message: said', `message: "Scaled ${text}"`)
        .replace('kind: Pod, name', 'kind: Deployment, name');
    const rollout = `
---
{kind: ReplicaSet, metadata: {name: web-2, namespace: shop, uid: rs, creationTimestamp: "2026-11-22T11:45:00Z", annotations: {deployment.kubernetes.io/revision: "2"}, ownerReferences: [{kind: Deployment, name: web, controller: true}]}}`;

    test.each([
      [
        'is told by who and from what to what',
        scaled + step('up replica set web-1 from 3 to 12', '11:45:01'),
        ['11:45:00 scaled Deployment shop/web 3 → 12 replicas by kubectl'],
      ],
      [
        'of nobody known by the controller',
        step('down replica set web-1 from 12 to 3', '11:45:01'),
        ['11:45:01 scaled Deployment shop/web 12 → 3 replicas by deployment-controller'],
      ],
      ['that is a step of a rollout is not told', rollout + step('up replica set web-2 from 0 to 1', '11:45:05'), []],
    ])('%s', (_, yaml, expected) =>
      expect(told(snapshotOf(yaml)).filter((line) => line.includes(' scaled '))).toEqual(expected),
    );
  });
});

describe('what goes on and on', () => {
  const backOff = (version: number, last: string, count: number) => `
---
{kind: Event, metadata: {name: e, namespace: shop, uid: e, resourceVersion: "${version}"}, type: Warning, reason: BackOff, message: said, involvedObject: {kind: Pod, name: web, namespace: shop}, firstTimestamp: "2026-11-22T11:30:00Z", lastTimestamp: "2026-11-22T${last}Z", count: ${count}}`;

  test('is one entry, which stays where it began and says until when', () => {
    const first = snapshotOf(backOff(1, '11:50:00', 5));
    expect(told(first)).toEqual(['11:30:00 event Pod shop/web BackOff: said ×5 until 11:50:00']);
    const second = afterPut(
      afterPut(first, backOff(2, '12:05:00', 6), noon + 300_000),
      backOff(3, '12:10:00', 9),
      noon + 600_000,
    );
    expect(told(second)).toEqual(['11:30:00 event Pod shop/web BackOff: said ×9 until 12:10:00']);
  });

  test('a crash loop is one entry; a restart long after it is another', () => {
    const loop = ['11:40:00', '11:50:00', '11:55:10'].map((last, index) => agent(index + 1, last));
    const [first = '', ...more] = loop;
    const looped = more.reduce((snapshot, yaml) => afterPut(snapshot, yaml, noon), snapshotOf(first));
    const line = 'restarted Pod kube-system/cilium-a cilium-agent: Error exit 1';
    expect(told(looped)[0]).toBe(`11:40:00 ${line} ×3 until 11:55:10`);
    const later = afterPut(looped, agent(9, '12:20:00'), noon + 1_200_000);
    expect(told(later).slice(0, 2)).toEqual([`12:20:00 ${line}`, `11:40:00 ${line} ×3 until 11:55:10`]);
  });

  test('restarts of a DaemonSet within a minute are one entry', () => {
    const owned = (name: string) =>
      agent(1, '11:50:00')
        .replace('name: cilium-a,', `name: ${name},`)
        .replace('uid: p', `uid: ${name}, ownerReferences: [{kind: DaemonSet, name: cilium, controller: true}]`);
    expect(told(snapshotOf(owned('cilium-x') + owned('cilium-y')))[0]).toBe(
      '11:50:00 restarted Pod kube-system/cilium-y and cilium-x cilium-agent: Error exit 1 ×2',
    );
  });
});

describe('when more has happened than is kept', () => {
  const nodes = Array.from({ length: 2_500 }, (_, index) => {
    const at = new Date(noon - 15_000_000 + index * 5_000).toISOString();
    return `{kind: Node, metadata: {name: n${index}, uid: n${index}, creationTimestamp: "${at}"}}`;
  }).join('\n---\n');

  test('newest first, at most 2,000, and what fell out is not claimed', () => {
    const { timeline } = snapshotOf(nodes);
    expect(timeline.entries).toHaveLength(2_000);
    expect(timeline.entries[0]?.object.name).toBe('n2499');
    expect(timeline.tellsSince).toBe(timeline.entries.at(-1)?.at);
  });

  const warning = (name: string, version: number, last: string) => `
---
{kind: Event, metadata: {name: ${name}, namespace: ${name}, uid: ${name}, resourceVersion: "${version}"}, type: Warning, reason: BackOff, message: said, involvedObject: {kind: Pod, name: web, namespace: ${name}}, firstTimestamp: "2026-11-22T07:00:00Z", lastTimestamp: "2026-11-22T${last}Z", count: ${version}}`;
  const warnings = (snapshot: Snapshot) => told(snapshot).filter((line) => line.includes(' event '));

  test.each([
    ['came with all the rest', () => snapshotOf(nodes + warning('shop', 4, '11:59:00'))],
    ['came after it', () => afterPut(snapshotOf(nodes), warning('shop', 4, '11:59:00'), noon)],
  ])('what began before and goes on is told, and pushes nothing out: it %s', (_, make) => {
    const snapshot = make();
    const line = '07:00:00 event Pod shop/web BackOff: said';
    expect(warnings(snapshot)).toEqual([`${line} ×4 until 11:59:00`]);
    expect(snapshot.timeline.entries).toHaveLength(2_001);
    expect(snapshot.timeline.tellsSince).toBe(snapshot.timeline.entries[1_999]?.at);
    const later = afterPut(snapshot, warning('shop', 6, '12:00:10') + policy(1, ''), noon + 10_000);
    expect(warnings(later)).toEqual([`${line} ×6 until 12:00:10`]);
  });

  test('what ended before is not, nor more of it than there is room for', () => {
    const ended = afterPut(snapshotOf(nodes + warning('shop', 4, '08:00:00')), warning('pay', 4, '08:00:00'), noon);
    expect(warnings(ended)).toEqual([]);
    const many = Array.from({ length: 300 }, (_, index) => warning(`shop-${index}`, 4, '11:59:00'));
    const { entries } = afterPut(ended, many.join(''), noon).timeline;
    expect(entries).toHaveLength(2_001);
    expect(entries.find(({ what }) => what === 'event')?.others).toHaveLength(199);
  });
});

test('a relist after a break tells what changed meanwhile, and nothing twice', () => {
  const before = snapshotOf(node(1, ''));
  const broken = apply(before, allLive(noon, { nodes: { phase: 'stale', heard: noon } }), noon);
  const after = afterPut(broken, node(2, 'unschedulable: true'), noon + 60_000);
  expect(told(after)).toEqual(['12:01:00 cordoned Node n1', '08:01:00 ready Node n1', '08:00:00 created Node n1']);
});

test('an entry keeps its id while more is folded into it, and no two share one', () => {
  const ids = (snapshot: Snapshot) => snapshot.timeline.entries.map(({ id }) => id);
  const pods = ['a', 'b', 'c'].map((name, index) => event(name, name, 'BackOff', 'shop', 'Warning', `11:30:0${index}`));
  const [first = '', second = '', third = ''] = pods;
  const before = snapshotOf(first);
  const [id] = ids(before);
  expect(id).toBeDefined();
  expect(ids(afterPut(before, second, noon))).toContain(id);
  const all = ids(snapshotOf(`${first}${second}${third}${policy(1, edit('11:59:46', 'egress'))}`));
  expect(new Set(all).size).toBe(all.length);
});

test('an event about a pod without network is told in a few words, however long its message', () => {
  const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${'a'.repeat(64)}": plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: dial unix /var/run/cilium/cilium.sock: connect: no such file`;
  const raw = event('e', 'web-1', 'FailedCreatePodSandBox', 'shop').replace(
    'message: said',
    () => `message: '${message}'`,
  );
  expect(told(snapshotOf(raw))).toEqual(['11:30:00 event Pod shop/web-1 no sandbox: cilium.sock absent by kubelet ×2']);
});
