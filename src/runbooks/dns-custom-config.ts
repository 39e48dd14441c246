import { at, record } from '../model/objects/raw.ts';
import { sanitiseLine } from '../model/sanitise.ts';

/** What is wrong with an entry of ConfigMap kube-system/coredns-custom, the one place where AKS lets one change CoreDNS. */
export type ConfigProblem = {
  key: string;
  /** Of the entry; 0 = the entry as a whole. */
  line: number;
  text: string;
};

/**
 * Looks at the entries as CoreDNS does when it starts: `*.override` stand inside the server of the Corefile, `*.server`
 * are servers of their own, others are not read. Of a directive only its name is judged.
 */
export function customConfigProblems(configMap: unknown): {
  keys: readonly string[];
  problems: readonly ConfigProblem[];
} {
  const data = record(at(configMap, 'data'));
  const keys = Object.keys(data).slice(0, 100);
  const problems = keys.flatMap((key) => problemsOf(sanitiseLine(key, 120), String(data[key]).slice(0, 100_000)));
  return { keys: keys.map((key) => sanitiseLine(key, 120)), problems };
}

function problemsOf(key: string, text: string): readonly ConfigProblem[] {
  const inside = key.endsWith('.override') ? 0 : key.endsWith('.server') ? 1 : undefined;
  if (inside === undefined)
    return [{ key, line: 0, text: 'is not read: only entries that end with .override or .server are' }];
  const problems: ConfigProblem[] = [];
  let depth = 0;
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw
      .replace(/(^|\s)#.*$/, '')
      .trim()
      .split(/\s+/)
      .filter(Boolean);
    const [word = ''] = words;
    const known = word === '' || word === '}' || word.startsWith('(') || directives.has(word.replace(/\{$/, ''));
    if (depth === inside && !known) {
      const directive = sanitiseLine(word, 60);
      problems.push({ key, line: index + 1, text: `${directive} is no directive of CoreDNS` });
    }
    for (const one of words) {
      if (one.endsWith('{')) depth += 1;
      if (one === '}') depth -= 1;
    }
    if (depth < 0) {
      problems.push({ key, line: index + 1, text: 'closes a block that was not opened' });
      depth = 0;
    }
  }
  if (depth > 0) problems.push({ key, line: 0, text: 'leaves a block open' });
  return problems;
}

/** Of the plugins that CoreDNS is built with, as its plugin.cfg lists them; AKS adds none. */
const directives: ReadonlySet<string> = new Set(
  (
    'root metadata geoip cancel tls quic grpc_server https https3 timeouts multisocket reload nsid bufsize bind debug trace ' +
    'ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header ' +
    'dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary ' +
    'etcd loop forward grpc erratic whoami on startup shutdown sign view nomad import'
  ).split(' '),
);
