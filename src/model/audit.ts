import type { JobOutcome } from './jobs.ts';

/**
 * One line of the audit. A request is told twice: before it is sent, and when it is known what became of it; so is a
 * command that was run in a container. A change that took several requests has a line for its end.
 */
export type AuditEntry = {
  /** Absent: a request, as it was before there was anything else. */
  about?: 'exec' | 'end';
  /** RFC 3339, by the server's clock. */
  time: string;
  /** One run of the program. */
  session: string;
  /** Counts from 1 in each session; commands by themselves. */
  job: number;
  context: string;
  /** As the kubeconfig names it; absent in lines of old. */
  cluster?: string;
  server: string;
  /** As the server knows us, else as the kubeconfig calls us. */
  user: string;
  action: string;
  /** What the change is called: `drain Node aks-np2-0004`. */
  title?: string;
  object: string;
  /** `PATCH /api/v1/nodes/aks-np2-0004`; of a command its words; '' at an end. */
  request: string;
  outcome: 'sending' | 'done' | JobOutcome;
  /** What the server said where it refused; how a command or a change ended. */
  said?: string;
  /** What differs, by the names of fields only: values may be secrets. */
  difference?: string;
  /** SHA-256 of the object without server fields, '' where there was or is none. */
  before?: string;
  after?: string;
};
