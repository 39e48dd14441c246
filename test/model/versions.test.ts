import { describe, expect, test } from 'vitest';
import { compareVersions, hasSlices, minimumFor, minorOf, versionOfImage } from '../../src/model/versions.ts';

describe('version of an image', () => {
  test.each([
    ['mcr.microsoft.com/oss/cilium/cilium:v1.18.6', '1.18.6', ''],
    ['mcr.microsoft.com/containernetworking/cilium/cilium-distroless:v1.18.11-260622', '1.18.11', '260622'],
    ['quay.io/cilium/cilium:v1.17.4@sha256:0000', '1.17.4', ''],
    ['localhost:5000/cilium/cilium:1.19.3', '1.19.3', ''],
    ['cilium:v1.14.20-2', '1.14.20', '2'],
    ['cilium:v1.19', '1.19.0', ''],
    ['cilium:v1.19.0-rc.1', '1.19.0-rc.1', ''],
  ])('%s', (image, version, build) => expect(versionOfImage(image)).toMatchObject({ version, build }));

  test.each(['cilium:latest', 'cilium@sha256:0000', 'localhost:5000/cilium', '', 'cilium:main-260622'])(
    '%s has none',
    (image) => {
      expect(versionOfImage(image)).toBeUndefined();
    },
  );
});

test.each([
  ['1.18.6', '1.18.11', -1],
  ['1.18.11', '1.18.11', 0],
  ['1.19.0-rc.1', '1.19.0', -1],
  ['1.17.17', '1.17.9', 1],
])('%s against %s', (a, b, sign) => expect(compareVersions(a, b)).toBe(sign));

test.each([
  ['v1.34.2', '1.18.6'],
  ['v1.32.9-aks', '1.17.9'],
  ['1.36', '1.18.9'],
  ['v1.20.0', undefined],
  ['v1.99.0', undefined],
  ['', undefined],
])('the least Cilium for %s', (kubernetes, least) => expect(minimumFor(kubernetes)).toBe(least));

test.each([
  ['v1.31.9', false],
  ['v1.32.0', true],
  ['v1.40.0', true],
  ['', undefined],
])('slices on %s', (kubernetes, has) => expect(hasSlices(kubernetes)).toBe(has));

test('a version without numbers has no minor', () => expect(minorOf('unknown')).toBe(''));
