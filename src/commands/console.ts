import type { Command as Program } from 'commander';
import { addAzureOptions } from './azure-options.ts';
import type { Command } from './command.ts';

/** What runs when no command is typed: the console, or, where stdout is no terminal, one readable snapshot. */
export const console: Command = {
  name: 'console',
  summary: 'open the console (the same as no command)',
  describe(program: Program) {
    program
      .option('--demo [scenario]', 'open on an embedded cluster')
      .option('--kubeconfig <file>', 'kubeconfig to use instead of $KUBECONFIG or ~/.kube/config')
      .option('--context <name>', 'context of the kubeconfig')
      .option('-n, --namespace <name>', 'narrow the screens to one namespace; the verdict is of all')
      .option('--write', 'open for changes from the start, for ten minutes; else :write does that')
      .option(
        '--protect <names>',
        'contexts, with *, where every change asks for the cluster’s name (default: $CILISCOPE_PROTECTED)',
      )
      .option('--ascii', 'plain ASCII glyphs');
    addAzureOptions(program);
  },
  async run(_args, options, terminal) {
    const { openConsole } = await import('./open-console.tsx');
    return openConsole(options, terminal);
  },
};
