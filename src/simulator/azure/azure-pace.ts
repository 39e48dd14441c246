import type { AzureSettings } from './azure-settings.ts';

/** How long things take in the simulated Azure, and how much of a list is a page; changed by `POST {control}/azure`. */
export type AzurePace = {
  /** A long operation. */
  operationSeconds: number;
  /** What a client is told in Retry-After while it waits for one. */
  pollSeconds: number;
  /** For how long a token is valid. */
  tokenSeconds: number;
  /** For how long a device code may be typed. */
  deviceCodeSeconds: number;
  /** After how long somebody has typed it; 0 = only when told so. */
  deviceApprovalSeconds: number;
  /** Entries on a page of a list. */
  pageSize: number;
};

/** What is otherwise than by default, of both. */
export type AzureSetUp = Partial<AzureSettings & AzurePace>;

export function defaultPace(): AzurePace {
  return {
    operationSeconds: 90,
    pollSeconds: 5,
    tokenSeconds: 4_200,
    deviceCodeSeconds: 900,
    deviceApprovalSeconds: 20,
    pageSize: 50,
  };
}
