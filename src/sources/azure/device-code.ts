import type { DeviceCodeCredential, TokenCredential, TokenCredentialOptions } from '@azure/identity';
import type { AzureConfig } from '../../config.ts';
import { sanitiseLine } from '../../model/sanitise.ts';
import type { AzureCloud } from './azure-cloud.ts';
import { AzureProblem } from './azure-problem.ts';
import { authorityOptions } from './credential-sources.ts';
import { signInProblem } from './sign-in-problem.ts';
import { unlessAborted } from './unless-aborted.ts';

/** What a person must type, where, and until when (ms since 1970). Sanitised. */
export type DeviceCode = { userCode: string; address: string; until: number };

/**
 * Signs somebody in elsewhere: `onCode` says what to type where. Resolves to a credential that renews itself without
 * anybody; rejects with an AzureProblem when the code ran out or was declined, with an AbortError when `signal` came.
 */
export async function signInByDeviceCode(
  config: AzureConfig,
  cloud: AzureCloud,
  { trouble, ...options }: TokenCredentialOptions & { trouble(): Error | undefined },
  onCode: (code: DeviceCode) => void,
  signal: AbortSignal,
): Promise<TokenCredential> {
  const { DeviceCodeCredential } = await import('@azure/identity');
  signal.throwIfAborted();
  let until = Number.POSITIVE_INFINITY;
  const credential = new DeviceCodeCredential({
    ...options,
    ...authorityOptions(config, cloud),
    ...(config.tenant === '' ? {} : { tenantId: config.tenant }),
    disableAutomaticAuthentication: true,
    // Without one of ours it is printed over the screen.
    userPromptCallback(info) {
      const expiresIn = (info as { expiresIn?: number }).expiresIn ?? 900;
      until = Date.now() + expiresIn * 1_000;
      onCode({
        userCode: sanitiseLine(info.userCode, 40),
        address: sanitiseLine(info.verificationUri, 200),
        until,
      });
    },
  });
  try {
    // With CAE, as every client asks: the other kind is another account to the library, and would not be found later.
    // The library looks at the signal between two questions only, and those are seconds apart.
    await unlessAborted(authenticate(credential, cloud.armScope, signal), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw declined(error, Date.now() >= until, cloud, trouble());
  }
  return credential;
}

function authenticate(credential: DeviceCodeCredential, scope: string, signal: AbortSignal): Promise<unknown> {
  return credential.authenticate([scope], { enableCae: true, abortSignal: signal });
}

function declined(error: unknown, isOver: boolean, cloud: AzureCloud, trouble: Error | undefined): AzureProblem {
  const message = error instanceof Error ? error.message : '';
  if (isOver || /device_code_expired|expired_token|code.*expired/i.test(message)) {
    return new AzureProblem('signed-out', 'The code ran out before anybody typed it.', 'Ask for another one.');
  }
  if (/authorization_declined|access_denied/i.test(message)) {
    return new AzureProblem('signed-out', 'The sign-in was declined.', 'Ask for another code to try again.');
  }
  return signInProblem('device code', error, new URL(cloud.authority).host, trouble).problem;
}
