import type { Cluster } from '../cluster.ts';
import type { Tokens } from './access.ts';
import type { Feature, Intercept, RequestEntry } from './intercept.ts';

export type CertificateKind = 'valid' | 'expired' | 'wrong-host' | 'unknown-authority';

export type ApiServerOptions = {
  /** 0 or absent: any free port of 127.0.0.1. */
  port?: number;
  tokens: Tokens;
  intercept?: Intercept;
  /** Called with each entry of the request log as it is written. */
  onRequest?(entry: RequestEntry): void;
  /** What this server lacks, for every request. */
  without?: readonly Feature[];
  /** gitVersion of /version; default v1.34.2. */
  gitVersion?: string;
  /** Milliseconds between bookmarks of a watch that asked for them; a real server's: one minute. */
  bookmarkMs?: number;
};

export type ApiServer = {
  /** https://127.0.0.1:PORT */
  url: string;
  port: number;
  /** PEM of the certificate authority, for kubeconfig's certificate-authority-data. */
  ca: string;
  /** The newest entries of the request log (bounded), oldest first. */
  requests(): readonly RequestEntry[];
  /** Stops listening and resets every connection: from now on connections are refused. */
  refuse(): Promise<void>;
  /** Listens again on the same port. */
  accept(): Promise<void>;
  /** Resets every open connection. */
  dropConnections(): void;
  /** From the next connection on. */
  present(certificate: CertificateKind): Promise<void>;
  close(): Promise<void>;
};

export declare function startApiServer(cluster: Cluster, options: ApiServerOptions): Promise<ApiServer>;
