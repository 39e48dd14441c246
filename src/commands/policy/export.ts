import type { Command as Program } from 'commander';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { Command } from '../command.ts';
import { answerText } from './answer-json.ts';
import { exportFiles } from './export-files.ts';
import { writeExport } from './export-folder.ts';
import { describeLive, type LiveOptions, liveConfig, liveTimeout } from './live-options.ts';
import { readLivePolicies } from './live-state.ts';

/** The policies of the live cluster as files for a git repository: the same cluster, the same bytes. */
export const exportPolicies: Command = {
  name: 'export',
  summary: 'write the cluster’s policies to a folder, as YAML for a git repository',
  describe(program: Program) {
    program.argument('<folder>', 'where to: an empty or new folder, or one that export made before');
    describeLive(program)
      .option('--force', 'write into a folder that holds other files; they stay')
      .option('--json', 'print one JSON object')
      .addHelpText('after', '\nA file each for NetworkPolicy, CiliumNetworkPolicy, CiliumClusterwideNetworkPolicy and')
      .addHelpText(
        'after',
        'CiliumCIDRGroup, without what the server adds. Files of policies that are gone are removed.',
      )
      .addHelpText('after', '\nExit code: 0 written, 2 could not read or write.');
  },
  async run([folder = ''], given, { stdout, env }) {
    const options = given as Options;
    const startedAt = new Date().toISOString();
    const { objects, cluster } = await readLivePolicies(liveConfig(options, env), env, liveTimeout(options));
    const files = exportFiles(objects);
    const written = writeExport(folder, files, options.force ?? false);
    if (options.json) {
      const paths = files.map(({ path }) => path);
      stdout.write(answerText({ command: 'export', cluster, startedAt }, { ...written, files: paths }));
    } else {
      const { added, changed, same, removed } = written;
      const counts = `${added} new, ${changed} changed, ${same} the same, ${removed} removed`;
      stdout.write(`${sanitiseLine(folder, 500)}: ${files.length} files: ${counts}\n`);
    }
    return 0;
  },
};

type Options = LiveOptions & { force?: boolean; json?: boolean };
