import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { readLive } from '../../actions/live-object.ts';
import { UserError } from '../../errors.ts';
import type { Asks } from '../../model/asks.ts';
import { bareObject, placeOf } from '../../model/changeable.ts';
import { objectKey } from '../../model/policies/read-facts.ts';
import { templates } from '../../model/policies/templates/index.ts';
import { asWritten } from '../../model/policies/written.ts';
import { yamlOf } from '../../model/policies/written-yaml.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import { policyName } from '../verdict-words.ts';
import { type DraftState, nothingYet, withText } from './draft-state.ts';
import type { Way } from './way.ts';

/** More than this is no policy that somebody wrote, in bytes. */
const most = 4 * 1024 * 1024;

/** The draft one begins with. Rejects with a UserError where there is nothing to begin with. */
export async function beginDraft(way: Way, namespace: string, asks: Asks, signal: AbortSignal): Promise<DraftState> {
  switch (way.type) {
    case 'edit':
      return livePolicy(way, asks, signal);
    case 'delete':
      return { ...nothingYet, phase: 'here', draft: { put: [], remove: [way.ref] }, revision: 1 };
    case 'mend':
      return withText(nothingYet, way.yaml, namespace);
    case 'template':
      return withText(nothingYet, templateText(way.name), namespace);
    case 'file':
      return withText(nothingYet, await fileText(way.path), namespace);
    case 'none':
      throw new UserError('Nothing to try yet.', way.reason);
  }
}

/** As somebody would have written it; not yet a draft: nobody changed anything. */
async function livePolicy({ ref }: Extract<Way, { type: 'edit' | 'delete' }>, asks: Asks, signal: AbortSignal) {
  const place = placeOf(bareObject(ref));
  const live = place && (await readLive(asks, place, signal));
  if (live === undefined)
    throw new UserError(`${policyName(ref)} is not there (any more).`, 'esc goes back.', 'missing');
  return { ...nothingYet, text: yamlOf(asWritten(live)), base: new Map([[objectKey(live), live]]) };
}

function templateText(name: string): string {
  const begun = templates.filter((one) => one.name.startsWith(name));
  // What is offered behind the cursor is what ⏎ takes, where there is only one.
  const found = templates.find((one) => one.name === name) ?? (begun.length === 1 ? begun[0] : undefined);
  if (found !== undefined) return found.text;
  const near = begun.length > 0 ? begun : templates;
  const which = `There ${near.length === 1 ? 'is' : 'are'} ${near.map((one) => one.name).join(', ')}.`;
  throw new UserError(name === '' ? 'Which template?' : `There is no template ${sanitiseLine(name, 100)}.`, which);
}

async function fileText(typed: string): Promise<string> {
  const path = typed.startsWith('~/') ? homedir() + typed.slice(1) : typed;
  const name = sanitiseLine(typed, 200);
  try {
    const file = await open(path);
    try {
      const status = await file.stat();
      // A device or a pipe has no size, and perhaps no end.
      if (!status.isFile()) throw new UserError(`${name} is no file.`, 'Copy what it says into a file.');
      if (status.size > most)
        throw new UserError(`${name} is larger than 4 MB.`, 'policy diff compares whole folders.');
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
}
