import type { AccessToken, TokenCredential, TokenCredentialOptions } from '@azure/identity';
import type { AzureConfig } from '../../config.ts';
import type { AzureLogin } from '../../model/azure/login.ts';
import type { AzureCloud } from './azure-cloud.ts';
import { AzureProblem } from './azure-problem.ts';
import { credentialSources } from './credential-sources.ts';
import { type DeviceCode, signInByDeviceCode } from './device-code.ts';
import { type SignInProblem, signInProblem } from './sign-in-problem.ts';
import { createTokenCache, type TokenCache } from './token-cache.ts';
import { tokenClaims } from './token-claims.ts';

/** Who we are to Azure: whose tokens, from where, and what stands in the way. */
export type AzureSignIn = {
  credential: TokenCache;
  login(): AzureLogin;
  signIn(signal: AbortSignal): Promise<void>;
  signOut(): void;
  /** Azure refused the token we hold: the next one is asked for anew. */
  refused(): void;
};

type Options = {
  config: AzureConfig;
  cloud: AzureCloud;
  env: Readonly<Record<string, string | undefined>>;
  /** What the identity library's clients take; their way to the authority. */
  identity: TokenCredentialOptions;
  /** What last went wrong on the way to the authority, or was said there. */
  trouble(): Error | undefined;
  onLogin(login: AzureLogin): void;
  /** The Azure CLI was run. */
  onRun(command: string, ok: boolean, ms: number): void;
};

type Chosen = { name: string; credential: TokenCredential };

/**
 * Tokens come from the first source that has one, and from then on from that alone, for all services. Nobody is ever
 * asked for anything but by `signIn`.
 */
export function createAzureSignIn({ config, cloud, env, identity, trouble, onLogin, onRun }: Options): AzureSignIn {
  const host = new URL(cloud.authority).host;
  const ends = new Map<string, number>();
  /** Scopes that have a token of after the last refusal, and that refusal as Azure itself would put it. */
  const anew = new Set<string>();
  let afterRefusal: { claims?: string } = {};
  let chosen: Chosen | undefined;
  let isOut = false;
  /** A person signed in here, and that is over: another credential of this machine may be another person's. */
  let ended: AzureProblem | undefined;
  let signingIn = 0;
  /** How we stood before the sign-in that is under way, or before the one whose place it took. */
  let before: AzureLogin | undefined;
  let told: AzureLogin = {
    ...{ state: config.use === 'off' ? 'off' : 'none', cloud: cloud.name },
    ...{ credential: '', account: '', tenant: config.tenant, expires: 0, problems: [] },
  } as AzureLogin;

  function tell(change: Partial<AzureLogin>): void {
    const { code: _code, ...rest } = told;
    told = { ...rest, ...change };
    onLogin(told);
  }

  function arrived(name: string, scope: string, token: AccessToken): AccessToken {
    ends.set(scope, token.expiresOnTimestamp);
    // A renewal that was under way must not take the code from the screen.
    if (told.state === 'code') return token;
    const { account, tenant } = tokenClaims(token.token);
    tell({
      ...{ state: 'signed-in', credential: name, account, tenant: tenant || config.tenant, problems: [] },
      expires: Math.min(...ends.values()),
    });
    return token;
  }

  async function ask(scope: string, options: { claims?: string }): Promise<AccessToken> {
    if (config.use === 'off') throw off();
    if (isOut) throw new AzureProblem('signed-out', 'You have signed out of Azure.', ':login signs in again.');
    if (ended !== undefined) throw ended;
    // While a person types the code nothing else is tried behind their back.
    if (told.state === 'code') throw new AzureProblem('signed-out', 'Waiting for the sign-in.', '');
    if (chosen !== undefined) return askChosen(chosen, scope, options);
    return askAll(scope, options);
  }

  async function askChosen(one: Chosen, scope: string, options: { claims?: string }): Promise<AccessToken> {
    try {
      const wanted = one.name === deviceCode && !anew.has(scope) ? { ...afterRefusal, ...options } : options;
      const token = await tokenFrom(one.credential, scope, wanted);
      anew.add(scope);
      return arrived(one.name, scope, token);
    } catch (error) {
      const { problem } = signInProblem(one.name, error, host, trouble());
      if (chosen === one) {
        // Trouble on the way is no reason to ask somebody else next time, and what we hold may still be good.
        const isLasting = problem.kind === 'signed-out' || problem.kind === 'unauthorized';
        if (isLasting) {
          chosen = undefined;
          ends.clear();
          if (one.name === deviceCode) ended = problem;
        }
        const isGood = (ends.get(scope) ?? 0) > Date.now();
        tell({ ...(isGood ? {} : { state: 'failed' }), problems: [sentence(problem)] });
      }
      throw problem;
    }
  }

  async function askAll(scope: string, options: { claims?: string }): Promise<AccessToken> {
    const problems: SignInProblem[] = [];
    const began = signingIn;
    tell({ state: 'asking' });
    for (const source of credentialSources(config, cloud, env, identity, onRun)) {
      try {
        const credential = await source.make();
        const token = await tokenFrom(credential, scope, options);
        // Somebody signed in or out meanwhile: this answer is about nobody who counts any longer.
        if (began !== signingIn) break;
        chosen = { name: source.name, credential };
        return arrived(source.name, scope, token);
      } catch (error) {
        problems.push(signInProblem(source.name, error, host, trouble()));
      }
    }
    const wrong = problems.filter(({ absent }) => !absent);
    const first = (wrong[0] ?? problems[0])?.problem;
    if (began === signingIn) {
      tell({
        ...{ state: wrong.length > 0 ? 'failed' : 'none', credential: '', account: '', expires: 0 },
        problems: problems.map(({ problem }) => sentence(problem)),
      });
    }
    throw wrong.length > 0 && first !== undefined
      ? first
      : new AzureProblem(
          'signed-out',
          'Nobody is signed in to Azure.',
          'Run `az login`, or sign in with :login in the console.',
        );
  }

  const credential = createTokenCache(ask);

  return {
    credential,
    login: () => told,
    async signIn(signal) {
      if (config.use === 'off') throw off();
      signingIn += 1;
      const mine = signingIn;
      before ??= told;
      let isTyped = false;
      tell({ state: 'asking', problems: [] });
      try {
        const onCode = (code: DeviceCode) => {
          if (mine === signingIn && !signal.aborted) tell({ state: 'code', code });
        };
        const made = await signInByDeviceCode(config, cloud, { ...identity, trouble }, onCode, signal);
        if (mine !== signingIn) throw new AzureProblem('signed-out', 'Another sign-in has taken its place.');
        isOut = false;
        isTyped = true;
        before = undefined;
        ended = undefined;
        chosen = { name: deviceCode, credential: made };
        ends.clear();
        afterRefusal = {};
        credential.forget();
        // Whoever was signed in before is not, from here on: what becomes of the token is told by whoever asks for it.
        tell({ state: 'asking', credential: deviceCode, account: '', expires: 0 });
        await credential.getToken(cloud.armScope, { abortSignal: signal });
      } catch (error) {
        if (mine === signingIn && !isTyped) {
          // What we were signed in with before is still there.
          const was = before;
          before = undefined;
          const problems = error instanceof AzureProblem ? [sentence(error)] : (was?.problems ?? []);
          tell({ state: was?.state === 'failed' ? 'failed' : chosen !== undefined ? 'signed-in' : 'none', problems });
          // Others were told to wait for it: they need not any longer.
          credential.tryAgain();
        }
        throw error;
      }
    },
    refused() {
      credential.forget();
      // The library keeps tokens as well, and would hand out the same one. What a person signed in with cannot be made anew,
      // but renews its token where claims are wanted.
      if (chosen?.name !== deviceCode) chosen = undefined;
      const value = String(Math.floor(Date.now() / 1000));
      afterRefusal = { claims: JSON.stringify({ access_token: { nbf: { essential: true, value } } }) };
      anew.clear();
    },
    signOut() {
      signingIn += 1;
      before = undefined;
      isOut = true;
      ended = undefined;
      chosen = undefined;
      ends.clear();
      credential.forget();
      tell({
        ...{ state: config.use === 'off' ? 'off' : 'none', credential: '', account: '', expires: 0 },
        problems: ['You have signed out; :login signs in again.'],
      });
    },
  };
}

const deviceCode = 'device code';

/** `enableCae`: Azure then says at once when a token is no longer good, and what the next one needs. */
async function tokenFrom(
  credential: TokenCredential,
  scope: string,
  options: { claims?: string },
): Promise<AccessToken> {
  const token = await credential.getToken(scope, { enableCae: true, ...options });
  if (token === null) throw new Error('no token was given');
  return token;
}

function sentence({ what, hint }: AzureProblem): string {
  return hint === '' ? what : `${what} ${hint}`;
}

function off(): AzureProblem {
  return new AzureProblem('signed-out', 'Azure is not asked.', 'Start without --no-azure.');
}
