import { expect, test } from 'vitest';
import { isFollowing, isReading } from '../../../src/sources/kubernetes/reading-commands.ts';

const reads = [
  'cilium-dbg status -o json',
  'cilium-dbg status --brief',
  'cilium status --verbose',
  'cilium-dbg endpoint list -o json',
  'cilium-dbg endpoint get 1234 -o json',
  'cilium-dbg bpf policy get --all -o json',
  'cilium-dbg endpoint health pod-name:shop/web-1',
  'cilium-dbg endpoint log 1234',
  'cilium-dbg bpf policy get 1234 -o json',
  'cilium-dbg bpf ipcache list -o json',
  'cilium-dbg policy get -o json',
  'cilium-dbg policy selectors -o=json',
  'cilium-dbg service list --output json',
  'cilium-dbg node list -o json',
  'cilium-dbg identity list',
  'cilium-dbg identity get 4',
  'cilium-dbg ip list -n',
  'cilium-dbg metrics list --match-pattern=cilium_drop.*',
  'cilium-dbg map list',
  'cilium-dbg map get cilium_lxc -o json',
  'cilium-dbg encrypt status',
  'cilium-dbg fqdn cache list -o json',
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
  'cilium-dbg encrypt status flush',
  'cilium-dbg encrypt flush',
  'cilium-dbg bpf ct list flush',
  'cilium-dbg bpf ct list global',
  'cilium-dbg bpf ipcache list 10.0.0.1',
  'cilium-dbg fqdn cache list clean',
  'cilium-dbg endpoint get 5 disconnect',
  'cilium-dbg endpoint get -l app=web',
  'cilium-dbg map get ../../etc/passwd',
  'cilium-dbg metrics list --match-pattern x',
  'cilium-dbg policy get -o yaml',
  'cilium-dbg status -o json -o json',
  'cilium-dbg status --all-controllers',
  'cilium-dbg monitor --type drop -j',
  'cilium-dbg debuginfo',
  'cilium-health status --probe',
  'hubble observe --follow',
  'constructor',
  'cilium-dbg statusx',
  'cilium-dbg status --host tcp://elsewhere',
  'cilium-dbg debuginfo --output-directory /tmp',
  'cilium-dbg status ;rm',
  '/bin/cilium-dbg status',
];

test.each(reads)('%s', (line) => expect(isReading(line.split(' '))).toBe(true));
test.each(changes)('not: %s', (line) => expect(isReading(line.split(' '))).toBe(false));

const streams = [
  'cilium-dbg monitor --type drop -j',
  'cilium monitor -t policy-verdict -j --related-to 1234',
  'cilium-dbg monitor --type=drop,l7 --json -n',
  'hubble observe --follow -o jsonpb --verdict DROPPED',
  'hubble observe -f --from-pod shop/web-1 --to-port 53 -o json',
  'hubble observe --follow --to-label app=web,tier=db --last 20',
];
const neither = [
  'cilium-dbg monitor',
  'cilium-dbg monitor -j',
  'cilium-dbg monitor --type trace -j',
  'cilium-dbg monitor --type drop,debug',
  'cilium-dbg monitor --type drop --monitor-socket /tmp/x',
  'cilium-dbg monitor --type drop --related-to',
  'cilium-dbg monitor --type drop --related-to -v',
  'cilium-dbg monitor --type drop extra',
  'hubble observe',
  'hubble observe --follow --server tcp://elsewhere:4245',
  'hubble observe --follow --input-file /etc/shadow',
  'hubble observe --follow --output=jsonpb --tls-ca-cert-files /x',
  'hubble observe --follow -o table',
  'hubble observe flows --follow',
  'hubble config set server x',
];
test.each(streams)('goes on: %s', (line) => {
  expect(isFollowing(line.split(' '))).toBe(true);
  expect(isReading(line.split(' '))).toBe(false);
});
test.each(neither)('neither: %s', (line) => {
  expect(isFollowing(line.split(' ')) || isReading(line.split(' '))).toBe(false);
});
test('flows that were seen are read with a bound', () => {
  expect(isReading('hubble observe --last 100 -o jsonpb'.split(' '))).toBe(true);
});
