// Runs Biome's own binary of this platform: the wrapper package asks for platforms that registries do not always have,
// and then `npm ci` refuses the whole lock file.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const binary = `node_modules/@biomejs/cli-${process.platform}-${process.arch}/biome`;
if (existsSync(binary)) {
  process.exitCode = spawnSync(binary, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
} else {
  console.error(`Biome is not installed for ${process.platform}-${process.arch}; lint and format run on Linux.`);
  process.exitCode = 1;
}
