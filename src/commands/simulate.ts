import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command as Program } from 'commander';
import { UserError } from '../errors.ts';
import type { Command, Terminal } from './command.ts';
import { findScenario } from './find-scenario.ts';

type Options = {
  scenario: string;
  nodes?: string;
  pods?: string;
  churn?: string;
  seed: string;
  port: string;
  writeKubeconfig?: string;
  fault?: string[];
  listFaults?: boolean;
  listScenarios?: boolean;
  untilStdinCloses?: boolean;
};

/** Runs an embedded cluster until it is told to stop. */
export const simulate: Command = {
  name: 'simulate',
  summary: 'run an embedded cluster and say where it listens',
  describe(program: Program) {
    program
      .option('--scenario <name>', 'what the cluster is like', 'healthy')
      .option('--list-scenarios', 'list the scenarios and end')
      .option('--nodes <n>', 'number of nodes (default: the scenario’s)')
      .option('--pods <n>', 'number of application pods (default: the scenario’s)')
      .option('--churn <n/s>', 'endpoint changes per second (default: the scenario’s)')
      .option('--seed <s>', 'the same seed makes the same cluster', '1')
      .option('--port <p>', 'port of the API server; 0 = any free one', '0')
      .option('--write-kubeconfig <file>', 'replace this file with a kubeconfig for the cluster')
      .option('--fault <id[,key=value]>', 'something that goes wrong from the start; may be given again', collect)
      .option('--list-faults', 'list the faults and end');
    // For the console's own child: a parent that dies, however it dies, closes the pipe.
    program.addOption(program.createOption('--until-stdin-closes').hideHelp());
  },
  async run(_args, given, terminal) {
    const options = given as Options;
    if (options.listFaults) return listFaults(terminal);
    if (options.listScenarios) return listScenarios(terminal);
    const scenario = await findScenario(options.scenario);
    const { simulate: start } = await import('../simulator/simulate.ts');
    const { parseOrder } = await import('../simulator/faults/active-faults.ts');
    const { describeAzure } = await import('../simulator/azure/describe-azure.ts');
    const { checkKubeconfig, writeKubeconfig } = await import('../simulator/kubeconfig.ts');
    if (options.writeKubeconfig !== undefined) checkKubeconfig(options.writeKubeconfig);
    const stopped = untilStopped(options.untilStdinCloses ? terminal.stdin : undefined);
    const simulator = await start({
      scenario,
      ...optional('nodes', options.nodes, 20_000),
      ...optional('pods', options.pods, 1_000_000),
      ...optional('churn', options.churn?.replace(/\/s$/, ''), 100_000),
      seed: whole('seed', options.seed, 2 ** 32),
      port: whole('port', options.port, 65_535),
      faults: (options.fault ?? []).map(parseOrder),
    });
    const folder = mkdtempSync(join(tmpdir(), 'ciliscope-'));
    try {
      const kubeconfig = options.writeKubeconfig ?? join(folder, 'kubeconfig');
      writeKubeconfig(kubeconfig, simulator.kubeconfig);
      const { url, control } = simulator;
      const line = {
        url,
        control,
        pid: process.pid,
        seed: Number(options.seed),
        scenario: scenario.id,
        kubeconfig,
        azure: describeAzure(simulator.azure, simulator.ca, join(folder, 'azure-ca.pem')),
      };
      terminal.stdout.write(`${JSON.stringify(line)}\n`);
      await stopped;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await simulator.close();
    }
    return 0;
  },
};

async function listFaults({ stdout }: Terminal): Promise<number> {
  const { faults } = await import('../simulator/faults/index.ts');
  const width = Math.max(...faults.map(({ id }) => id.length));
  stdout.write(faults.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join(''));
  return 0;
}

async function listScenarios({ stdout }: Terminal): Promise<number> {
  const { scenarios } = await import('../simulator/scenarios/index.ts');
  const width = Math.max(...scenarios.map(({ id }) => id.length));
  stdout.write(scenarios.map(({ id, title }) => `${id.padEnd(width)}  ${title}\n`).join(''));
  return 0;
}

/** Resolves on SIGTERM, SIGINT or SIGHUP, or when `stdin` ends. A signal may come twice (terminal and launcher): the second changes nothing. */
function untilStopped(stdin: NodeJS.ReadStream | undefined): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => resolve());
    stdin
      ?.once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve())
      .resume();
  });
}

function collect(value: string, all: string[] = []): string[] {
  return [...all, value];
}

function optional<Name extends string>(
  name: Name,
  value: string | undefined,
  most: number,
): { [key in Name]?: number } {
  return value === undefined ? {} : ({ [name]: whole(name, value, most) } as { [key in Name]?: number });
}

function whole(name: string, value: string, most: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > most) {
    throw new UserError(`--${name} is "${value}".`, `Give a whole number from 0 to ${most.toLocaleString('en')}.`);
  }
  return number;
}
