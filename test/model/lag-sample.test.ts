import { expect, test } from 'vitest';
import { sampleNode } from '../../src/model/lag-sample.ts';

const at = 1_000_000;
const pod = (name: string, ip: string, identity: number, ago: number) => ({
  ...{ namespace: 'shop', name, ip, identity },
  created: at - ago,
});
const entry = (ip: string, identity: number) => ({ cidr: `${ip}/32`, identity, tunnelEndpoint: '', encryptKey: 0 });

test('what a node does not know, or knows as another’s, the oldest first', () => {
  const pods = [
    pod('a', '10.0.0.1', 1001, 2_000),
    pod('b', '10.0.0.2', 1002, 9_000),
    pod('c', '10.0.0.3', 1003, 70_000),
  ];
  expect(sampleNode(pods, 'n1', [entry('10.0.0.1', 1001), entry('10.0.0.3', 2)], at)).toEqual({
    node: 'n1',
    known: 1,
    missing: 2,
    unknown: [
      { namespace: 'shop', name: 'c', ageMs: 70_000 },
      { namespace: 'shop', name: 'b', ageMs: 9_000 },
    ],
    youngestKnownMs: 2_000,
  });
  expect(sampleNode(pods, 'n1', [], at)).toMatchObject({ known: 0, missing: 3, youngestKnownMs: -1 });
});
