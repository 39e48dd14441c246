import { defineConfig } from 'vitest/config';

/** They start nothing and leave nothing behind: a process takes many, or most of the time would go to loading the same modules. */
const plain = ['checks', 'house', 'kusto', 'model', 'panes', 'queries', 'state', 'ui'];
/** Of these, what starts clusters and programs. */
const standing = [
  'test/checks/{combined,edits,scenarios}.test.ts',
  'test/ui/{multiplexers,toolkit}.test.ts',
  'test/ui/terminal/run-editor.test.ts',
];
const tests = '*.test.{ts,tsx}';

export default defineConfig({
  test: {
    // By name: what takes long is begun first, and small files fill the end, when the last long ones are under way.
    projects: [
      {
        extends: true,
        test: { name: 'together', include: [`test/{${plain.join()}}/**/${tests}`], exclude: standing, isolate: false },
      },
      {
        extends: true,
        test: { name: 'apart', include: [`test/${tests}`, `test/!(${plain.join('|')})/**/${tests}`, ...standing] },
      },
    ],
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
