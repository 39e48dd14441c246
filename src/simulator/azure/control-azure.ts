// What `POST {control}/azure` may say: settings, pace, and what somebody or something does at this moment.
import { UserError } from '../../errors.ts';
import type { Azure } from './start-azure.ts';

/** What is set up, and what is under way. */
export function azureState({ settings, pace, devices, subscription }: Azure) {
  return {
    settings: settings.now(),
    pace,
    deviceCodes: devices.pending(),
    operations: subscription().operations.all(),
  };
}

/**
 * Changes settings and pace by their names, and does what is asked: `approveDevice` and `declineDevice` (a code, or true
 * for all that wait), `expireTokens`, `finishOperations`, `failOperations` (a message, or true). Throws UserError for
 * what it does not know; then nothing was done.
 */
export function changeAzure(azure: Azure, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw new UserError('What Azure is told is a JSON object.');
  const given = Object.entries(value);
  for (const [name, one] of given) check(azure, name, one);
  for (const [name, one] of given) actions[name]?.(azure, one);
  const of = (known: object) => Object.fromEntries(given.filter(([name]) => name in known));
  const settings = of(azure.settings.now());
  Object.assign(azure.pace, of(azure.pace));
  if (Object.keys(settings).length > 0) azure.settings.change(settings);
}

const actions: Readonly<Record<string, (azure: Azure, value: unknown) => void>> = {
  approveDevice: ({ devices }, code) => void devices.approve(code === true ? '' : String(code)),
  declineDevice: ({ devices }, code) => void devices.decline(code === true ? '' : String(code)),
  expireTokens: (azure) => azure.expireTokens(),
  finishOperations: (azure) => void azure.subscription().operations.finish(),
  failOperations: (azure, message) =>
    void azure.subscription().operations.finish({
      code: 'InternalOperationError',
      message: message === true ? 'Internal server error.' : String(message),
    }),
};

/** Only what is known, and of its kind. */
function check({ settings, pace }: Azure, name: string, value: unknown): void {
  if (name in actions) return;
  const known = { ...settings.now(), ...pace };
  if (!(name in known)) {
    const names = [...Object.keys(known), ...Object.keys(actions)];
    throw new UserError(`Azure has no "${name}".`, `Known: ${names.join(', ')}.`);
  }
  const is: unknown = known[name as keyof typeof known];
  const fits = typeof value === typeof is && value !== null && (typeof value !== 'number' || value >= 0);
  const choices = words[name];
  if (!fits || (choices !== undefined && !choices.includes(String(value)))) {
    throw new UserError(
      `Azure's "${name}" does not take ${JSON.stringify(value)}.`,
      choices === undefined ? `It is ${JSON.stringify(is)} now.` : `It takes ${choices.join(', ')}.`,
    );
  }
}

const words: Readonly<Record<string, readonly string[]>> = {
  flowLogs: ['analytics', 'basic', 'older-name', 'none'],
  audit: ['dedicated', 'legacy', 'none'],
};
