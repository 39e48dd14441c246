import type { Fields, Level } from './slog.ts';

/** A line in the program's own format. */
export type Say = (at: number, level: Level, message: string, module: string, fields?: Fields) => string;
