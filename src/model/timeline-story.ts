import type { TimelineEntry } from './timeline.ts';

/**
 * `fold`: entries of one fold within a minute are one, whichever object they name. `goesOn`: however long it goes on it
 * is one entry, which stays where it began and counts on: it must not push out what happened once.
 */
export type Story = TimelineEntry & { fold?: string; goesOn?: boolean };

/** Tells one thing of the object at hand; nothing is told of a moment that is 0. */
export type Say = (at: number, what: string, detail?: string, more?: Partial<Story>) => void;
