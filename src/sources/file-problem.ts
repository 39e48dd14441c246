import { UserError } from '../errors.ts';
import { sanitiseLine } from '../model/sanitise.ts';

const words: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left there (ENOSPC)',
  EDQUOT: 'your quota there is used up (EDQUOT)',
  EACCES: 'you may not write there (EACCES)',
  EPERM: 'you may not write there (EPERM)',
  EROFS: 'nothing can be written there (EROFS)',
  EFBIG: 'it is larger than a file may be there (EFBIG)',
};

/** Why a new file of ours could not be written. */
export function fileProblem(path: string, { code = '', message }: NodeJS.ErrnoException): UserError {
  const shown = sanitiseLine(path, 200);
  if (code === 'EEXIST') return new UserError(`There is a file ${shown} already.`, 'Choose another name.');
  if (code === 'ENOENT') return new UserError(`There is no folder for ${shown}.`, 'Choose another place.');
  const why = words[code] ?? sanitiseLine(code || message, 100);
  return new UserError(`${shown} cannot be written: ${why}.`, 'Choose another place.');
}
