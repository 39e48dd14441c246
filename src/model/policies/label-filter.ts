/** Decides by `source:key` whether a label is part of an identity. */
export type LabelFilter = (source: string, key: string) => boolean;

type Pattern = { source: string; expression: RegExp; exclude: boolean };

/**
 * The `labels` key of cilium-config (domain §10 R7): patterns between spaces, `!` excludes, matched from the key's
 * start. With any pattern that includes, only what is included stays. The longest match decides; the namespace is
 * always part of an identity. '' keeps everything.
 */
export function parseLabelFilter(text: string): LabelFilter {
  const patterns = text.split(/\s+/).flatMap(parsePattern);
  if (patterns.length === 0) return () => true;
  const whitelist = patterns.some(({ exclude }) => !exclude);
  return (source, key) => {
    if (source === 'reserved' || ALWAYS.some((prefix) => key.startsWith(prefix))) return true;
    let included = 0;
    let excluded = 0;
    for (const pattern of patterns) {
      if (pattern.source !== '' && pattern.source !== source) continue;
      const length = pattern.expression.exec(key)?.[0].length ?? -1;
      if (pattern.exclude) excluded = Math.max(excluded, length);
      else included = Math.max(included, length);
    }
    return whitelist ? included > excluded : excluded <= 0;
  };
}

const ALWAYS = ['io.kubernetes.pod.namespace', 'io.cilium.k8s.'];

function parsePattern(word: string): readonly Pattern[] {
  const exclude = word.startsWith('!');
  const body = exclude ? word.slice(1) : word;
  if (body === '') return [];
  const colon = body.indexOf(':');
  const source = colon < 0 ? '' : body.slice(0, colon);
  try {
    return [{ source, expression: new RegExp(`^(?:${body.slice(colon + 1)})`), exclude }];
  } catch {
    return [];
  }
}
