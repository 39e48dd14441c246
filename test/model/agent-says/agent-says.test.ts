import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readDrop } from '../../../src/model/agent-says/read-drop.ts';
import { readEncryption } from '../../../src/model/agent-says/read-encryption.ts';
import { readEndpoints } from '../../../src/model/agent-says/read-endpoints.ts';
import { readFlow } from '../../../src/model/agent-says/read-flow.ts';
import { readHealth } from '../../../src/model/agent-says/read-health.ts';
import { readIdentities } from '../../../src/model/agent-says/read-identities.ts';
import { readIpcache } from '../../../src/model/agent-says/read-ipcache.ts';
import { readMaps } from '../../../src/model/agent-says/read-maps.ts';
import { readNames } from '../../../src/model/agent-says/read-names.ts';
import { readPolicyMap, readPolicyMaps } from '../../../src/model/agent-says/read-policy-map.ts';
import { readSamples } from '../../../src/model/agent-says/read-samples.ts';
import { readServices } from '../../../src/model/agent-says/read-services.ts';
import { readStatus } from '../../../src/model/agent-says/read-status.ts';

const readers: Record<string, (output: string) => unknown> = {
  status: readStatus,
  endpoints: readEndpoints,
  policyMap: readPolicyMap,
  policyMaps(output) {
    const maps = readPolicyMaps(output);
    return maps && Object.fromEntries(maps);
  },
  ipcache: readIpcache,
  identities: readIdentities,
  services: readServices,
  health: readHealth,
  encryption: readEncryption,
  names: readNames,
  maps: readMaps,
  metrics: readSamples,
  drop: (output) => readDrop(output, 'n1', 7),
  flow: readFlow,
};

type Case = { name: string; reader: string; said?: unknown; text?: string; is: unknown };
const cases: readonly Case[] = parse(readFileSync(join(import.meta.dirname, 'cases.yaml'), 'utf8'));

test.each(cases)('$reader: $name', ({ reader, said, text, is }) => {
  const read = readers[reader]?.(text ?? JSON.stringify(said));
  if (is === null) expect(read).toBeUndefined();
  else if (Array.isArray(is)) {
    expect(read).toHaveLength(is.length);
    expect(read).toMatchObject(is);
  } else expect(read).toMatchObject(is as object);
});

// Whatever an agent of another version says, a reader answers.
const odd = [
  '',
  'null',
  '[]',
  '{}',
  '0',
  '"text"',
  '[null]',
  '[[]]',
  '[1,"a",{}]',
  '{"a":null}',
  '{"type":"drop","summary":[]}',
  '{"nodes":{},"maps":7,"flow":null,"verdict":{}}',
];
test.each(Object.entries(readers))('%s takes anything', (_, read) => {
  for (const output of odd) expect(() => read(output)).not.toThrow();
});
