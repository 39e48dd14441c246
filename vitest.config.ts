import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    pool: 'forks',
    // Most of the time is waiting: for a rollout, a list, a line on the screen. Two cores bear three.
    maxWorkers: 3,
    // Stories drive the real program in real time on whatever machine there is. One that was held up gets a second run, and
    // the report says so (`retry x1`): seen twice, it is a bug.
    retry: 1,
    globalSetup: ['test/own-surroundings.ts'],
    // What commands print goes by the locale, and what React brings by NODE_ENV: here the same ones whoever runs it.
    env: { LANG: 'C.UTF-8', LC_ALL: '', LC_CTYPE: '', NODE_ENV: 'test' },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxConcurrency: 3,
  },
});
