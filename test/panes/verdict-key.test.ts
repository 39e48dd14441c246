import { describe, expect, it } from 'vitest';
import type { ObjectRef } from '../../src/model/ref.ts';
import { verdictKey } from '../../src/panes/verdict-key.ts';
import { frameOf } from './fixtures/frame.tsx';

const key = verdictKey<ObjectRef>((ref) => ref);
const pressed = (row: ObjectRef | undefined) => {
  const frame = frameOf(80, 24);
  if (key.applies?.({ row, frame }) === false) return 'not bound';
  const reason = key.unless?.({ row, frame });
  if (reason !== undefined) return reason;
  key.run({ row, frame });
  const [view] = frame.told.went;
  return [view?.pane, ...(view?.args ?? [])].join(' ');
};

describe('v on an object', () => {
  it.for<[ObjectRef | undefined, string]>([
    [{ kind: 'Pod', namespace: 'shop', name: 'web-0' }, 'reach pod/shop/web-0 ingress'],
    [{ kind: 'CiliumEndpoint', namespace: 'shop', name: 'web-0' }, 'reach pod/shop/web-0 ingress'],
    [{ kind: 'Deployment.apps', namespace: 'shop', name: 'web' }, 'reach deploy/shop/web ingress'],
    [{ kind: 'StatefulSet.apps', namespace: 'shop', name: 'db' }, 'reach sts/shop/db ingress'],
    [{ kind: 'Service', namespace: 'shop', name: 'db' }, 'reach svc/shop/db ingress'],
    [{ kind: 'Node', name: 'n1' }, 'reach node/n1 ingress'],
    [{ kind: 'CiliumNetworkPolicy.cilium.io', namespace: 'shop', name: 'p' }, 'policy CiliumNetworkPolicy shop p'],
    [{ kind: 'CiliumClusterwideNetworkPolicy', name: 'p' }, 'policy CiliumClusterwideNetworkPolicy  p'],
    [{ kind: 'ConfigMap', namespace: 'shop', name: 'c' }, 'a ConfigMap has no connections of its own'],
    [undefined, 'not bound'],
  ])('%o', ([row, wanted]) => {
    expect(pressed(row)).toBe(wanted);
  });
});
