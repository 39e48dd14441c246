import { kinds } from '../model/kinds.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { runbooks } from '../runbooks/index.ts';
import { targetText } from '../runbooks/named-target.ts';
import type { Word } from '../ui/pane.ts';

/** `:runbook` alone tells which there are; with an id it runs, about what is named or the likeliest suspect. */
export function runbookWords(snapshot: () => Snapshot): readonly Word[] {
  return [
    {
      word: 'runbook',
      title: 'from a symptom to its cause, step by step',
      args: 'ID TARGET',
      complete: (typed) => (typed.length <= 1 ? runbooks.map(({ id }) => id) : targets(typed, snapshot())),
      run(args, frame) {
        const [id = ''] = args;
        if (id !== '' && !runbooks.some((one) => one.id === id))
          return frame.flash(`there is no runbook ${id}; :runbook tells which there are`, 'warning');
        frame.go({ pane: 'runbook', args });
      },
    },
  ];
}

/** Kinds, then the names of one: at most so many as one can read. */
function targets(typed: readonly string[], { tables }: Snapshot): readonly string[] {
  const runbook = runbooks.find(({ id }) => id === typed[0]);
  const begun = typed.at(-1) ?? '';
  const wanted = typed.length > 2 ? ['Pod', 'Service'] : (runbook?.target?.kinds ?? []);
  const found: string[] = [];
  for (const { id, kind, namespaced } of Object.values(kinds)) {
    if (!wanted.includes(kind)) continue;
    const start = `${kind}/`;
    if (!begun.toLowerCase().startsWith(start.toLowerCase())) {
      found.push(start);
      continue;
    }
    const rest = begun.slice(start.length);
    for (const { namespace, name } of tables[id].rows.values()) {
      if (!(namespaced ? `${namespace}/${name}` : name).startsWith(rest)) continue;
      found.push(targetText({ kind, namespace, name }));
      if (found.length >= mostNames) return found;
    }
  }
  return found;
}

const mostNames = 200;
