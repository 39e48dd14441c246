import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

import type { Happened } from './happened.ts';

/** What a runbook must come to on a scenario. */
export type Case = {
  runbook: string;
  scenario: string;
  /** What besides came to pass there, oldest first: then it is a small cluster of its own. */
  happened?: readonly Happened[];
  /** `Node/NAME`, `Pod/NAMESPACE/NAME`, several with a space between; a name that ends with * is the first that begins so. */
  target?: string;
  /** A context of the simulator's kubeconfig; default `admin`. `reader` may not exec. */
  user?: 'admin' | 'reader' | 'namespace';
  /** What is asked besides the objects: Azure with its logs, the metrics of all agents. Default: neither. */
  also?: readonly ('azure' | 'metrics')[];
  /** In force while it runs, such as `{id: forbidden, resource: pods/log}`. */
  faults?: readonly { id: string; verb?: string; resource?: string; count?: number }[];
  /** What every log says besides. */
  logged?: readonly string[];
  outcome: 'cause' | 'not-this' | 'unknown';
  /** Id of the cause. */
  cause?: string;
  confidence?: 'certain' | 'likely' | 'possible';
  /** Ids of causes that stand below it. */
  others?: readonly string[];
  /** Ids of steps that must be among those not looked at. */
  notLookedAt?: readonly string[];
  /** Each must stand in the evidence or the cause. */
  says?: readonly string[];
  /** None of these may. */
  saysNot?: readonly string[];
};

const folder = join(import.meta.dirname, 'cases');

/** Every case of every file. */
export function cases(): readonly Case[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => parse(readFileSync(join(folder, name), 'utf8')) as readonly Case[]);
}
