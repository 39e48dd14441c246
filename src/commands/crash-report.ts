import { sanitiseText } from '../model/sanitise.ts';

/** What is printed of an error that is our bug: inert, because a server's or a worker's last words may be part of it. */
export function crashReport(error: unknown): string {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this is our mistake, please report it. ${sanitiseText(told)}`;
}
