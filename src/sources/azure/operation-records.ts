import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanTarget } from '../../model/plans/deployment-plan.ts';
import type { OperationRecord } from '../../model/plans/operation.ts';
import { writePrivate } from '../records/private-file.ts';

/** Operations of ours whose end nobody knows yet: a file each (0600), so that a session that was cut off can be followed. */
export type OperationRecords = {
  /** Throws what fs throws. */
  keep(record: OperationRecord): void;
  /** The one on this cluster. */
  find(arm: string, target: PlanTarget): OperationRecord | undefined;
  /** The oldest first. What cannot be read is left out. */
  list(): readonly OperationRecord[];
  /** Where it still is that one: another session may have begun another since. */
  drop(record: Pick<OperationRecord, 'arm' | 'target' | 'since'>): void;
};

export function createOperationRecords(stateDir: string): OperationRecords {
  const folder = join(stateDir, 'operations');
  const fileOf = (arm: string, target: PlanTarget) => join(folder, `${keyOf(arm, target)}.json`);

  function read(file: string): OperationRecord | undefined {
    try {
      const record = JSON.parse(readFileSync(file, 'utf8')) as OperationRecord;
      return isWhole(record) ? record : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    keep: (record) => writePrivate(fileOf(record.arm, record.target), `${JSON.stringify(record)}\n`),
    find: (arm, target) => read(fileOf(arm, target)),
    list() {
      const records = names(folder).flatMap((name) => read(join(folder, name)) ?? []);
      return records.toSorted((one, other) => one.since - other.since);
    },
    drop({ arm, target, since }) {
      const file = fileOf(arm, target);
      if (read(file)?.since === since) rmSync(file, { force: true });
    },
  };
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^[0-9a-f]{32}\.json$/.test(name));
  } catch {
    // There is no folder before the first operation.
    return [];
  }
}

/** ARM does not mind the case of names. */
function keyOf(arm: string, { subscription, resourceGroup, name }: PlanTarget): string {
  const words = [arm, subscription, resourceGroup, name].map((word) => word.toLowerCase());
  return createHash('sha256').update(words.join('\n')).digest('hex').slice(0, 32);
}

function isWhole(record: OperationRecord): boolean {
  const texts = [record?.arm, record?.title, record?.poller, record?.etag, record?.target?.name];
  return texts.every((text) => typeof text === 'string') && typeof record.body === 'object' && record.body !== null;
}
