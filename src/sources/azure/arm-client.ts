/** One question to ARM, or one change. */
export type ArmRequest = {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** From /subscriptions on, or a whole address that ARM gave (nextLink, Azure-AsyncOperation). Parts are encoded. */
  path: string;
  /** '' where the path has it. */
  apiVersion: string;
  query?: Readonly<Record<string, string>>;
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
  /** What it is for, in words, for messages: `read the managed cluster`. */
  asked: string;
  /** The role that would do where it is refused: `Reader`. */
  role: string;
};
export type ArmAnswer = {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  /** As JSON says it, nothing dropped; undefined without one. */
  body: unknown;
};

export type ArmClient = {
  /** Rejects with an AzureProblem for anything but 2xx. */
  send(request: ArmRequest, signal?: AbortSignal): Promise<ArmAnswer>;
  /** All pages of a list, by nextLink; at most `most` items, then it ends there. */
  list(request: Omit<ArmRequest, 'method'>, signal?: AbortSignal, most?: number): Promise<readonly unknown[]>;
};
