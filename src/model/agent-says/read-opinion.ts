import { at, list, record, time } from '../objects/raw.ts';
import { sanitiseLine, sanitiseLine as text } from '../sanitise.ts';
import type { Opinion } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/**
 * `cilium-dbg status -o json` of any version, as people read it: what is not there, or has another shape, is left out; of
 * what is no JSON, or says nothing, undefined. The agent speaks here only for itself.
 */
export function readOpinion(output: string): readonly Opinion[] | undefined {
  const status = record(saidJson(output));
  const said = [
    stated('cilium', status.cilium),
    stated('kubernetes', status.kubernetes, kubernetesMore),
    stated('kvstore', status.kvstore),
    stated('cni file', status['cni-file']),
    ipam(status.ipam),
    stated('health', at(status, 'cluster', 'ciliumHealth')),
    controllers(status.controllers),
    mode('kube-proxy replacement', status['kube-proxy-replacement']),
    routing(status),
    hubble(status.hubble),
    proxy(status.proxy),
    mode('encryption', status.encryption),
    stale(status.stale),
    lost(status.nodeMonitor),
  ].filter((opinion) => opinion !== undefined);
  return said.length === 0 ? undefined : said;
}

const states: Readonly<Record<string, Opinion['state']>> = {
  ok: 'ok',
  warning: 'warning',
  failure: 'error',
  disabled: 'unknown',
};

function stated(name: string, value: unknown, more: (value: unknown) => string = () => ''): Opinion | undefined {
  const said = text(at(value, 'state'));
  if (said === '') return undefined;
  const words = [said, text(at(value, 'msg')), more(value)].filter((part) => part !== '');
  return { name, state: states[said.toLowerCase()] ?? '', text: words.join(' · '), below: [] };
}

function kubernetesMore(value: unknown): string {
  const versions = list(at(value, 'k8s-api-versions'));
  return versions.length === 0 ? '' : `${versions.length} API groups watched`;
}

function ipam(value: unknown): Opinion | undefined {
  const { status, allocations, ipv4 } = record(value);
  const count = Object.keys(record(allocations)).length || list(ipv4).length;
  const words = [text(status), count === 0 ? '' : `${count} addresses given`].filter((part) => part !== '');
  return words.length === 0 ? undefined : { name: 'ipam', state: '', text: words.join(' · '), below: [] };
}

function controllers(value: unknown): Opinion | undefined {
  const all = list(value);
  if (all.length === 0) return undefined;
  const failing = all
    .map((one) => ({ name: text(at(one, 'name')), status: record(at(one, 'status')) }))
    .map(({ name, status }) => ({
      name,
      times: Number(status['consecutive-failure-count']) || 0,
      message: text(status['last-failure-msg']),
      last: time(status['last-failure-timestamp']),
    }))
    .filter((one) => one.times > 0)
    .sort((a, b) => b.times - a.times);
  return {
    name: 'controllers',
    state: failing.length > 0 ? 'error' : 'ok',
    text: failing.length > 0 ? `${failing.length} of ${all.length} failing` : `${all.length}, none failing`,
    below: failing
      .slice(0, 10)
      .map((one) => `${one.name}: failed ${one.times} times in a row${one.message === '' ? '' : `: ${one.message}`}`),
  };
}

function mode(name: string, value: unknown): Opinion | undefined {
  const said = text(at(value, 'mode'));
  return said === '' ? undefined : { name, state: '', text: said, below: [] };
}

function routing(status: Record<string, unknown>): Opinion | undefined {
  const words = [
    text(at(status, 'routing', 'inter-host-routing-mode')),
    text(at(status, 'routing', 'intra-host-routing-mode')),
  ].filter((part) => part !== '');
  return words.length === 0 ? undefined : { name: 'routing', state: '', text: words.join(', host '), below: [] };
}

function hubble(value: unknown): Opinion | undefined {
  const opinion = stated('hubble', value);
  const flows = at(value, 'observer', 'current-flows');
  if (opinion === undefined || typeof flows !== 'number') return opinion;
  const most = at(value, 'observer', 'max-flows');
  return { ...opinion, text: `${opinion.text} · ${flows}${typeof most === 'number' ? ` of ${most}` : ''} flows kept` };
}

function proxy(value: unknown): Opinion | undefined {
  const redirects = at(value, 'total-redirects');
  if (typeof redirects !== 'number') return undefined;
  const deployed = text(at(value, 'envoy-deployment-mode'));
  return {
    name: 'proxy',
    state: '',
    text: `${redirects} redirects${deployed === '' ? '' : `, envoy ${deployed}`}`,
    below: [],
  };
}

/** Probes that have not come back: the agent hangs somewhere. */
function stale(value: unknown): Opinion | undefined {
  const probes = Object.entries(record(value));
  if (probes.length === 0) return undefined;
  return {
    name: 'stale probes',
    state: 'error',
    text: `${probes.length} have not come back`,
    below: probes.slice(0, 10).map(([probe, since]) => `${sanitiseLine(probe)} since ${text(since)}`),
  };
}

function lost(value: unknown): Opinion | undefined {
  const events = at(value, 'lost');
  if (typeof events !== 'number' || events === 0) return undefined;
  return { name: 'monitor', state: 'warning', text: `${events} events lost`, below: [] };
}
