import { sanitiseLine } from '../../model/sanitise.ts';
import { AzureProblem, connectionProblem } from './azure-problem.ts';

/** Why one source of tokens gave none. `absent`: it is not set up here, which is no fault of anybody's. */
export type SignInProblem = { absent: boolean; problem: AzureProblem };

/**
 * One sentence for each, from what Microsoft's identity library threw. `host`: of the authority. `trouble`: what went
 * wrong on the way there, or was said there: of that the library only says that endpoints could not be resolved, or that
 * somebody would have to be asked.
 */
export function signInProblem(source: string, error: unknown, host: string, trouble?: Error): SignInProblem {
  const told = messagesOf(error);
  if (swallowed.test(told) && trouble instanceof AzureProblem) {
    return { absent: false, problem: onTheWay(trouble) };
  }
  const message = swallowed.test(told) ? `${messagesOf(trouble)}\n${told}` : told;
  const is = (pattern: RegExp) => pattern.test(message);
  const absent = (what: string, hint: string) => ({
    absent: true,
    problem: new AzureProblem('signed-out', what, hint),
  });
  const wrong = (what: string, hint: string) => ({
    absent: false,
    problem: new AzureProblem('unauthorized', what, hint, { code: entraCode(message) }),
  });
  if (error instanceof AzureProblem) return { absent: error.kind === 'signed-out', problem: error };
  if (source === 'Azure CLI') {
    if (is(/could not be found|ENOENT|not recognized/i)) {
      return absent('Azure CLI: az is not installed here.', 'Install it, or sign in with :login in the console.');
    }
    if (is(/timed? ?out|ETIMEDOUT|SIGTERM|killed/i)) {
      return wrong('Azure CLI: az gave no token within ten seconds.', 'Try `az account get-access-token` by hand.');
    }
  }
  const entra = entraSentence(message);
  if (entra !== undefined) return wrong(`${titled(source)}: ${entra.what}`, entra.hint);
  if (source === 'Azure CLI') {
    if (is(/claims challenge/i)) {
      return wrong('Azure CLI: Azure wants a fresh sign-in.', 'Run `az logout`, then `az login`.');
    }
    if (is(/az login|No subscription|not logged in/i)) {
      // The library drops az's own words where they name `az login`.
      return absent(
        'Azure CLI: nobody is logged in, or the login has expired.',
        'Run `az login` (or `az login --use-device-code`).',
      );
    }
    return wrong(`Azure CLI: ${firstLine(message)}`, 'Try `az account get-access-token` by hand.');
  }
  if (source === 'managed identity' && is(/unavailable|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|timeout/i)) {
    return absent('Managed identity: this machine has none.', 'Leave --managed-identity out.');
  }
  if (source === 'workload identity' && is(/ENOENT|no such file|Invalid file path/i)) {
    return wrong(
      'Workload identity: the token file cannot be read.',
      '$AZURE_FEDERATED_TOKEN_FILE names it; the pod needs the label azure.workload.identity/use: "true".',
    );
  }
  const connection = connectionProblem(error, host);
  if (connection instanceof AzureProblem && !/cannot be asked/.test(connection.what)) {
    return { absent: false, problem: onTheWay(connection) };
  }
  return wrong(`${titled(source)}: ${firstLine(message)}`, 'Check how it is set up.');
}

const swallowed =
  /endpoints_resolution_error|openid_config_error|network_error|Automatic authentication has been disabled/;

/** Whichever source was asked: it is the way to the authority that is not there. */
function onTheWay({ kind, what, hint }: AzureProblem): AzureProblem {
  return new AzureProblem(kind, `Signing in: ${what}`, hint);
}

/** What people meet of Entra's codes; the rest keep Entra's own words. */
function entraSentence(message: string): { what: string; hint: string } | undefined {
  const code = entraCode(message);
  const known = entra[code];
  if (known !== undefined) return { what: `${known[0]} (${code}).`, hint: known[1] };
  if (code === '') return undefined;
  return { what: firstLine(message.slice(message.indexOf(code))), hint: 'Sign in again.' };
}

const entra: Readonly<Record<string, readonly [string, string]>> = {
  AADSTS90002: ['there is no such tenant in this cloud', 'Check --tenant and --azure-cloud.'],
  AADSTS900023: ['the tenant is neither a GUID nor a domain', 'Check --tenant.'],
  AADSTS50020: ['this account is no member of the tenant', 'Check --tenant, or sign in with another account.'],
  AADSTS50034: ['this account is not in the tenant', 'Check --tenant, or sign in with another account.'],
  AADSTS700016: ['the application is not in this tenant', 'Check $AZURE_CLIENT_ID and --tenant.'],
  AADSTS7000215: ['the secret is wrong', 'Check $AZURE_CLIENT_SECRET: its value, not its ID.'],
  AADSTS7000222: ['the secret has expired', 'Make a new one for the application.'],
  AADSTS700082: ['the sign-in has expired', 'Sign in again.'],
  AADSTS70043: ['the sign-in has expired by policy', 'Sign in again.'],
  AADSTS50076: ['a second factor is wanted', 'Sign in again.'],
  AADSTS50079: ['a second factor is wanted', 'Sign in again.'],
  AADSTS53003: ['a conditional access policy forbids it', 'Sign in from a device or network that it allows.'],
  AADSTS53000: ['a conditional access policy wants a managed device', 'Use a credential that needs no device code.'],
  AADSTS50105: ['this account is not assigned to the application', 'Ask an administrator of the tenant.'],
  AADSTS65001: ['nobody has consented to it', 'Ask an administrator of the tenant.'],
  AADSTS700213: [
    'no federated credential matches this workload',
    'Check issuer, subject and audience of the credential.',
  ],
  AADSTS70021: [
    'no federated credential matches this workload',
    'Check issuer, subject and audience of the credential.',
  ],
};

function entraCode(message: string): string {
  return /AADSTS\d+/.exec(message)?.[0] ?? '';
}

function firstLine(message: string): string {
  const line = message.split(/\r?\n| Trace ID:| Correlation ID:/)[0] ?? '';
  const text = sanitiseLine(line.trim(), 200);
  return text === '' ? 'it failed without a word.' : /[.!?]$/.test(text) ? text : `${text}.`;
}

function titled(source: string): string {
  return source === 'environment' ? 'The AZURE_* variables' : source.charAt(0).toUpperCase() + source.slice(1);
}

/** Causes and members with it: the library wraps what the authority said. */
function messagesOf(error: unknown): string {
  const found: string[] = [];
  const queue: unknown[] = [error];
  for (let i = 0; i < queue.length && i < 10; i++) {
    const one = queue[i];
    if (!(one instanceof Error)) continue;
    found.push(one.message);
    queue.push(one.cause);
    if ('errors' in one && Array.isArray(one.errors)) queue.push(...one.errors);
  }
  return found.join('\n');
}
