import type { ReadCluster } from './live-state.ts';

/** What every command's JSON begins with: which cluster was read, null where files were. */
export type Asked = { command: string; cluster: ReadCluster | null; startedAt: string };

export function answerText({ command, cluster, startedAt }: Asked, answer: object): string {
  return `${JSON.stringify({ version: 1, command: `policy ${command}`, cluster, startedAt, ...answer }, null, 2)}\n`;
}
