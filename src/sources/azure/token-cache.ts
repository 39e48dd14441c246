import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity';
import { unlessAborted } from './unless-aborted.ts';

/** One token a scope for all clients. */
export type TokenCache = TokenCredential & {
  /** A token was refused, or another person signs in: the next one is asked for anew. */
  forget(): void;
  /** Failures are no longer remembered. */
  tryAgain(): void;
};

type Ask = (scope: string, options: { claims?: string }) => Promise<AccessToken>;

/** A token is renewed this long before it ends, so that a renewal that fails has time to be tried again. */
const earlyMs = 5 * 60_000;
/** Whoever asks again within this time hears the same failure: the Azure CLI takes a second of processor time to fail. */
const rememberedMs = 30_000;

/**
 * `ask` is called once at a time for a scope. A token that is asked for with `claims` (continuous access evaluation:
 * Azure refused the one we hold, and says what the next must have) is never one we hold.
 */
export function createTokenCache(ask: Ask, now: () => number = () => Date.now()): TokenCache {
  const held = new Map<string, AccessToken>();
  const failed = new Map<string, { error: unknown; at: number }>();
  const running = new Map<string, Promise<AccessToken>>();
  let generation = 0;

  function renew(scope: string, claims: string | undefined): Promise<AccessToken> {
    const key = `${scope} ${claims ?? ''}`;
    const under = running.get(key);
    if (under !== undefined) return under;
    const began = generation;
    const asked = ask(scope, claims === undefined ? {} : { claims }).then(
      (token) => {
        if (began === generation) {
          held.set(scope, token);
          failed.delete(scope);
        }
        return token;
      },
      (error: unknown) => {
        if (began === generation) failed.set(scope, { error, at: now() });
        throw error;
      },
    );
    const ended = asked.finally(() => {
      if (running.get(key) === ended) running.delete(key);
    });
    running.set(key, ended);
    return ended;
  }

  async function tokenOf(scope: string, claims: string | undefined): Promise<AccessToken> {
    if (claims !== undefined) {
      held.delete(scope);
      return renew(scope, claims);
    }
    const token = held.get(scope);
    const left = token === undefined ? 0 : token.expiresOnTimestamp - now();
    const failure = failed.get(scope);
    const isRecent = failure !== undefined && now() - failure.at < rememberedMs;
    if (token !== undefined && left > 1_000) {
      if (left < earlyMs && !isRecent) renew(scope, undefined).catch(() => {});
      return token;
    }
    if (isRecent) throw failure.error;
    return renew(scope, undefined);
  }

  return {
    async getToken(scopes: string | string[], options: GetTokenOptions = {}) {
      const scope = typeof scopes === 'string' ? scopes : scopes.join(' ');
      // Others wait for the same token: who goes away leaves it being asked for.
      const token = await unlessAborted(tokenOf(scope, options.claims), options.abortSignal as AbortSignal | undefined);
      // Every client keeps what it is given until that ends, whatever became of the sign-in: told that it ends now, it
      // asks us each time.
      return { ...token, expiresOnTimestamp: now() };
    },
    forget() {
      generation += 1;
      held.clear();
      failed.clear();
      running.clear();
    },
    tryAgain: () => failed.clear(),
  };
}
