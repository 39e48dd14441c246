// Entra ID as far as a program that signs in sees it: discovery, device codes, tokens, and its own words for a refusal.
import { randomBytes, randomUUID } from 'node:crypto';
import { answerJson } from './answers.ts';
import { audienceOf } from './audiences.ts';
import type { AzurePace } from './azure-pace.ts';
import { azurePlace } from './azure-settings.ts';
import type { DeviceCodes } from './device-codes.ts';
import type { AzureAnswer } from './route.ts';
import type { Identity, Tokens } from './tokens.ts';

export type Application = { id: string; secret: string };

/** Who types device codes: a person of the simulated company. */
export const person: Identity = {
  id: '3f0c8a21-6e47-4d1b-9b52-8c7a1d5e0f64',
  kind: 'user',
  name: 'mara.lind@contoso.example',
};

type Authority = {
  url(): string;
  pace: AzurePace;
  application: Application;
  tokens: Tokens;
  devices: DeviceCodes;
};

export type AuthorityRequest = { method: string; path: string; query: URLSearchParams; body: string };

/** Answers what is asked without a token. `refresh` tokens live as long as this value. */
export function createAuthority({ url, pace, application, tokens, devices }: Authority) {
  const refreshTokens = new Map<string, Identity>();

  const grant = (identity: Identity, scope: string): AzureAnswer => {
    const audience = audienceOf(resourceOf(scope));
    const refresh = randomBytes(48).toString('base64url');
    const isPerson = identity.kind === 'user';
    if (isPerson) refreshTokens.set(refresh, identity);
    const personal = {
      scope,
      refresh_token: refresh,
      id_token: tokens.issue(identity, application.id, pace.tokenSeconds),
      client_info: Buffer.from(JSON.stringify({ uid: identity.id, utid: azurePlace.tenant })).toString('base64url'),
    };
    return answerJson(200, {
      token_type: 'Bearer',
      expires_in: pace.tokenSeconds,
      ext_expires_in: pace.tokenSeconds,
      access_token: tokens.issue(identity, audience, pace.tokenSeconds),
      ...(isPerson ? personal : {}),
    });
  };

  const token = (form: URLSearchParams): AzureAnswer => {
    const scope = form.get('scope') ?? '';
    const client = form.get('client_id') ?? '';
    switch (form.get('grant_type')) {
      case 'client_credentials': {
        const refused = refuseApplication(form, application);
        return refused ?? grant({ id: principalOf(client), kind: 'application', name: client }, scope);
      }
      case 'urn:ietf:params:oauth:grant-type:device_code':
      case 'device_code': {
        const { state, scope: asked } = devices.redeem(form.get('device_code') ?? '');
        if (state === 'approved') return grant(person, scope || asked);
        const [error, code, words] = deviceRefusals[state];
        return refuse(error, code, words);
      }
      case 'refresh_token': {
        const identity = refreshTokens.get(form.get('refresh_token') ?? '');
        if (identity !== undefined) return grant(identity, scope);
        return refuse('invalid_grant', 9002313, 'Invalid request. Request is malformed or invalid.');
      }
      default:
        return refuse('unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
    }
  };

  return ({ method, path, query, body }: AuthorityRequest): AzureAnswer => {
    if (path === '/devicelogin') return { status: 200, headers: { 'content-type': 'text/plain' }, body: deviceLogin };
    const [tenant = '', ...rest] = path.split('/').filter((part) => part !== '');
    const asked = `${method} ${rest.join('/').toLowerCase()}`;
    if (asked === 'GET discovery/instance') return answerJson(200, instances(url(), query));
    if (!tenants.has(tenant.toLowerCase())) {
      const words = `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`;
      return refuse('invalid_request', 90002, words);
    }
    const form = new URLSearchParams(body);
    switch (asked) {
      case 'GET v2.0/.well-known/openid-configuration':
        return answerJson(200, configuration(url()));
      case 'GET discovery/v2.0/keys':
        return answerJson(200, { keys: [] });
      case 'POST oauth2/v2.0/devicecode': {
        const code = devices.begin(form.get('scope') ?? '');
        // Entra's own is microsoft.com/devicelogin; nobody should go there for a code that it does not know.
        const address = `${url()}/devicelogin`;
        return answerJson(200, {
          user_code: code.user,
          device_code: code.device,
          verification_uri: address,
          expires_in: pace.deviceCodeSeconds,
          interval: 1,
          message: `To sign in, use a web browser to open the page ${address} and enter the code ${code.user} to authenticate.`,
        });
      }
      case 'POST oauth2/v2.0/token':
        return token(form);
      default:
        return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not found' };
    }
  };
}

const deviceLogin =
  'Nothing is to be typed here: a simulated person does it after a while, or when the control is told approveDevice.\n';

const tenants = new Set<string>([azurePlace.tenant, 'common', 'organizations', 'contoso.example']);

const deviceRefusals = {
  pending: ['authorization_pending', 70016, 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.'],
  declined: ['authorization_declined', 70018, 'The end user denied the authorization request.'],
  expired: ['expired_token', 70020, 'The provided value for the device code has expired.'],
  unknown: ['invalid_grant', 70000, 'The provided value for the input parameter device_code is not valid.'],
} as const;

/** Entra's body for a refusal (`AADSTS…`). */
export function refuse(error: string, code: number, words: string, status = error === 'invalid_client' ? 401 : 400) {
  const trace = randomUUID();
  const correlation = randomUUID();
  const timestamp = new Date()
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z/, 'Z');
  return answerJson(status, {
    error,
    error_description: `AADSTS${code}: ${words} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
  });
}

function refuseApplication(form: URLSearchParams, { id, secret }: Application): AzureAnswer | undefined {
  const client = form.get('client_id') ?? '';
  if (client !== id) {
    return refuse(
      'unauthorized_client',
      700016,
      `Application with identifier '${client}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    );
  }
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    if (assertion.split('.').length === 3) return undefined;
    return refuse('invalid_request', 50027, 'JWT token is invalid or malformed.');
  }
  if (form.get('client_secret') === secret) return undefined;
  return refuse(
    'invalid_client',
    7000215,
    `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${id}'.`,
  );
}

function configuration(url: string) {
  const base = `${url}/${azurePlace.tenant}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(url).host,
  };
}

function instances(url: string, query: URLSearchParams) {
  const { host } = new URL(url);
  const endpoint = query.get('authorization_endpoint') ?? `${url}/${azurePlace.tenant}/oauth2/v2.0/authorize`;
  return {
    tenant_discovery_endpoint: endpoint.replace(
      /\/oauth2\/v2\.0\/authorize$/,
      '/v2.0/.well-known/openid-configuration',
    ),
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

/** Among the scopes asked for, the one that names an API: the others ask for claims and refresh tokens. */
function resourceOf(scope: string): string {
  const named = scope.split(' ').find((one) => one.includes('://'));
  return named ?? 'https://graph.microsoft.com/.default';
}

/** The service principal of an application is another object, the same each time. */
function principalOf(client: string): string {
  return client.replace(/^.{8}/, 'b6d2f0a4');
}
