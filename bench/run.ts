// Runs every measurement in turn: `npm run bench`, or `npm run bench -- sync key-to-paint` for some of them.
import { spawnSync } from 'node:child_process';

const programs = [
  'first-frame',
  'key-to-paint',
  'bytes-per-frame',
  'stalled-reader',
  'sync',
  'churn',
  'change-to-screen',
];
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : programs) {
  const { status } = spawnSync(process.execPath, [`${import.meta.dirname}/${name}.ts`], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
