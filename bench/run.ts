// Runs every measurement in turn: `npm run bench`, or `npm run bench -- sync key-to-paint` for some of them.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const programs = [
  'first-frame',
  'azure-start',
  'agent-named',
  'key-to-paint',
  'bytes-per-frame',
  'stalled-reader',
  'sync',
  'churn',
  'change-to-screen',
  'cluster-pace',
  'log-rows',
  'policies',
  'kql-completion',
  'result-rows',
  'model',
];
const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !programs.includes(name));
if (wanted.some((name) => ['--help', '-h', 'help'].includes(name))) console.log(help());
else if (unknown !== undefined) {
  console.error(`There is no measurement "${unknown}": there are ${programs.join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const name of wanted.length > 0 ? wanted : programs) {
    const { status } = spawnSync(process.execPath, [fileOf(name)], { stdio: 'inherit' });
    if (status !== 0) process.exitCode = 1;
  }
}

function help(): string {
  const told = programs.map((name) => `  ${name}\n${measured(name)}`);
  return [
    'npm run bench [-- NAME…] prints each figure beside what bounds it. All of them, or those named:',
    ...told,
  ].join('\n\n');
}

/** What a measurement says of itself at the top of its file. */
function measured(name: string): string {
  const lines = readFileSync(fileOf(name), 'utf8').split('\n');
  const end = lines.findIndex((line) => !line.startsWith('//'));
  return lines
    .slice(0, end)
    .map((line) => `    ${line.slice(3)}`)
    .join('\n');
}

function fileOf(name: string): string {
  return `${import.meta.dirname}/${name}.ts`;
}
