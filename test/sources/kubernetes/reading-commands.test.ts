import { expect, test } from 'vitest';
import { isReading } from '../../../src/sources/kubernetes/reading-commands.ts';

const reads = [
  'cilium-dbg status -o json',
  'cilium-dbg status --brief',
  'cilium status --all-controllers',
  'cilium-dbg endpoint list -o json',
  'cilium-dbg endpoint get 1234 -o json',
  'cilium-dbg bpf policy get --all -o json',
  'cilium-dbg bpf ct list global -o json',
  'cilium-dbg monitor --type drop -j',
  'cilium-dbg fqdn cache list -o json',
  'cilium-dbg bgp routes available ipv4 unicast -o json',
  'cilium-health status -o json',
  'hubble status',
];
const changes = [
  '',
  'sh -c true',
  'bash',
  'cat /etc/passwd',
  'cilium-dbg',
  'cilium-dbg endpoint disconnect 5',
  'cilium-dbg endpoint regenerate 5',
  'cilium-dbg endpoint config 5 Debug=true',
  'cilium-dbg bpf ct flush global',
  'cilium-dbg bpf policy add 5',
  'cilium-dbg bpf policy delete 5',
  'cilium-dbg config Debug=true',
  'cilium-dbg policy import -',
  'cilium-dbg cleanup -f',
  'cilium-dbg fqdn cache clean',
  'cilium-dbg statusx',
  'cilium-dbg status --host tcp://elsewhere',
  'cilium-dbg debuginfo --output-directory /tmp',
  'cilium-dbg status ;rm',
  '/bin/cilium-dbg status',
];

test.each(reads)('%s', (line) => expect(isReading(line.split(' '))).toBe(true));
test.each(changes)('not: %s', (line) => expect(isReading(line.split(' '))).toBe(false));
