import { hostname } from 'node:os';
import type { OperationRecord } from '../../model/plans/operation.ts';

type Owner = NonNullable<OperationRecord['owner']>;

/** Who sends: this process. */
export function thisOwner(): Owner {
  return { pid: process.pid, host: hostname() };
}

/** The process id of whoever is at it and is not us; undefined where nobody is, or that cannot be known from here. */
export function otherOwner({ owner }: OperationRecord): number | undefined {
  if (owner === undefined || owner.host !== hostname() || owner.pid === process.pid) return undefined;
  if (!Number.isInteger(owner.pid) || owner.pid <= 0) return undefined;
  try {
    process.kill(owner.pid, 0);
    return owner.pid;
  } catch {
    // Gone, or by now a process of another person (EPERM), who does not write here.
    return undefined;
  }
}
