import type { AzureConfig } from '../../config.ts';
import { UserError } from '../../errors.ts';
import type { AzureAsks } from '../../model/azure/azure-asks.ts';

/** Azure as far as this program asks it: nothing is loaded and nothing is asked before it is needed. */
export function createAzureSession(_config: AzureConfig): AzureAsks & { close(): Promise<void> } {
  const absent = () => new UserError('Azure is not signed in to.', 'Sign in first.', 'signed-out');
  return {
    signIn: () => Promise.reject(absent()),
    signOut: () => Promise.resolve(),
    refresh: () => Promise.reject(absent()),
    // biome-ignore lint/correctness/useYield: it ends before its first row
    async *query() {
      throw absent();
    },
    // biome-ignore lint/correctness/useYield: it ends before its first row
    async *tail() {
      throw absent();
    },
    close: () => Promise.resolve(),
  };
}
