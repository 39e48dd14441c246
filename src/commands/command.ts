import type { Command as Program } from 'commander';

/** Where a command reads and writes. Passed in so that tests can look. */
export type Terminal = {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  env: NodeJS.ProcessEnv;
};

/** Commands under one word: `policy verdict`. */
export type CommandGroup = { name: string; summary: string; commands: readonly Command[] };

/** What can be typed after the program's name: `describe` adds it to the parser, `run` is called with what was typed. */
export type Command = {
  name: string;
  summary: string;
  /** Adds arguments and options. */
  describe(program: Program): void;
  /** Resolves to the exit code: 0 answered or clean, 1 found or differs, 2 could not. Throws UserError for code 2. */
  run(args: readonly string[], options: Record<string, unknown>, terminal: Terminal): Promise<number>;
};
