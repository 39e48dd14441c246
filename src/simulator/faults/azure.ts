// What goes wrong with Azure: signing in, Resource Manager, the way there. What the workspace's rows suffer has its own file.
import type { CertificateKind } from '../api/certificates.ts';
import type { FaultAction } from '../api/intercept.ts';
import type { AzureAsked } from '../azure/azure-fault.ts';
import { type Fault, status } from './fault.ts';

const writes = ['put', 'patch', 'post', 'delete'] as const;

export const azureFaults: readonly Fault[] = [
  {
    id: 'azure-too-many-requests',
    title: 'Azure: HTTP 429 with Retry-After: 3, everywhere but at sign-in.',
    azure: () => (asked) => notSignIn(asked, status(429, 'TooManyRequests', throttled, { retryAfterSeconds: 3 })),
  },
  {
    id: 'azure-server-errors',
    title: 'Azure: every other request is answered with HTTP 500 or 503.',
    azure() {
      let turn = 0;
      return ({ service }) => {
        if (service === 'authority') return undefined;
        turn++;
        if (turn % 2 === 0) return undefined;
        return turn % 4 === 1
          ? status(500, 'InternalServerError', 'An internal server error occurred.')
          : status(503, 'ServiceUnavailable', 'The service is temporarily unavailable. Please try again later.');
      };
    },
  },
  {
    id: 'azure-error',
    title: 'Azure: HTTP 500.',
    azure: () => (asked) => notSignIn(asked, status(500, 'InternalServerError', 'An internal server error occurred.')),
  },
  {
    id: 'azure-unavailable',
    title: 'Azure: HTTP 503 with Retry-After: 3.',
    azure: () => (asked) =>
      notSignIn(asked, status(503, 'ServiceUnavailable', 'The service is unavailable.', { retryAfterSeconds: 3 })),
  },
  {
    id: 'azure-hang',
    title: 'Azure: requests are read and never answered.',
    azure: () => () => ({ kind: 'black-hole' }),
  },
  {
    id: 'azure-hang-up',
    title: 'Azure: the connection is closed without an answer.',
    azure: () => () => ({ kind: 'hang-up' }),
  },
  {
    id: 'azure-slow',
    title: 'Azure: answers come after three seconds.',
    azure: () => () => ({ kind: 'delay', milliseconds: 3000 }),
  },
  {
    id: 'azure-slow-body',
    title: 'Azure: answers come at 400 bytes a second.',
    azure: () => () => ({ kind: 'slow', bytesPerSecond: 400 }),
  },
  {
    id: 'azure-broken-body',
    title: 'Azure: the connection is reset after 300 bytes of an answer.',
    azure: () => () => ({ kind: 'reset', afterBytes: 300 }),
  },
  {
    id: 'azure-answer-lost',
    title: 'Azure: a change is taken, and the connection breaks before the answer.',
    verbs: writes,
    resource: 'arm',
    azure: () => () => ({ kind: 'lose-answer' }),
  },
  {
    id: 'azure-down',
    title: 'Azure: connections are refused and open ones reset.',
    begin({ azure }) {
      void azure?.refuse();
      return () => azure?.accept();
    },
  },
  certificate('azure-certificate-expired', 'expired', 'Azure: an expired certificate.'),
  certificate('azure-certificate-wrong-host', 'wrong-host', 'Azure: a certificate for another host.'),
  certificate('azure-certificate-unknown-authority', 'unknown-authority', 'Azure: a certificate of another authority.'),
  {
    id: 'azure-tokens-expired',
    title: 'Azure: every token that was issued up to now is over; new ones are good.',
    begin({ azure }) {
      azure?.expireTokens();
      return () => {};
    },
  },
  {
    id: 'azure-claims-challenge',
    title: 'Azure: ARM wants a token with other claims (HTTP 401, insufficient_claims).',
    resource: 'arm',
    azure: () => () =>
      status(401, 'InvalidAuthenticationToken', 'Continuous access evaluation resulted in challenge.', {
        details: { headers: { 'www-authenticate': challenge() } },
      }),
  },
  signIn('azure-secret-expired', 'The application’s secret has expired (AADSTS7000222).', {
    error: 'invalid_client',
    aadsts: 7000222,
    words:
      'The provided client secret keys for app are expired. Visit the Azure portal to create new keys for your app.',
  }),
  signIn('azure-refresh-expired', 'The sign-in is too long ago (AADSTS700082).', {
    error: 'invalid_grant',
    aadsts: 700082,
    words:
      'The refresh token has expired due to inactivity. The token was issued on 2026-08-21T08:12:44.0000000Z and was inactive for 90.00:00:00.',
  }),
  signIn('azure-wrong-tenant', 'The account is in another tenant (AADSTS50020).', {
    error: 'invalid_grant',
    aadsts: 50020,
    words:
      "User account 'mara.lind@contoso.example' from identity provider 'https://sts.windows.net/' does not exist in tenant 'Fabrikam' and cannot access the application in that tenant. The account needs to be added as an external user in the tenant first.",
  }),
  signIn('azure-second-factor', 'A second factor is asked for (AADSTS50076).', {
    error: 'interaction_required',
    aadsts: 50076,
    words:
      'Due to a configuration change made by your administrator, or because you moved to a new location, you must use multi-factor authentication to access.',
  }),
  signIn('azure-blocked-by-policy', 'Conditional access forbids the sign-in (AADSTS53003).', {
    error: 'access_denied',
    aadsts: 53003,
    words: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  }),
  withoutRole('azure-no-arm-read', 'nothing of ARM may be read', ({ action }) => action.endsWith('/read')),
  withoutRole('azure-no-arm-write', 'nothing of ARM may be changed', ({ action }) => /\/(write|delete)$/.test(action)),
  withoutRole('azure-no-activity-read', 'the activity log may not be read', ({ path }) => /\/eventtypes\//i.test(path)),
  withoutRole('azure-no-metrics-read', 'metrics may not be read', ({ action }) => /insights\/metric/i.test(action)),
  withoutRole('azure-no-alerts-read', 'alerts and their rules may not be read', ({ action }) =>
    /^microsoft\.(alertsmanagement|insights\/scheduledqueryrules).*\/read$/i.test(action),
  ),
  withoutRole('azure-no-workspace-in-arm', 'the workspace may not be read in ARM', ({ action }) =>
    /^microsoft\.operationalinsights\//i.test(action),
  ),
  withoutRole('azure-no-user-credentials', 'the cluster’s user credentials may not be listed', ({ action }) =>
    /listclusterusercredential/i.test(action),
  ),
  {
    id: 'azure-no-workspace-read',
    title: 'Azure: the workspace may not be queried (HTTP 403 InsufficientAccessError).',
    resource: 'logs',
    azure: () => () =>
      status(
        403,
        'InsufficientAccessError',
        'The provided credentials have insufficient access to perform the requested operation',
      ),
  },
  {
    id: 'azure-operation-not-allowed',
    title: 'Azure: a change is refused with HTTP 409: another operation is under way.',
    verbs: ['put', 'delete'],
    resource: 'arm',
    azure: () => () =>
      status(
        409,
        'OperationNotAllowed',
        "Operation is not allowed because there's an in progress update managed cluster operation on the managed cluster. Please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details.",
      ),
  },
  {
    id: 'azure-changed-meanwhile',
    title: 'Azure: a change is refused with HTTP 412: somebody else was faster.',
    verbs: ['put', 'patch', 'delete'],
    resource: 'arm',
    azure: () => () =>
      status(412, 'PreconditionFailed', "The etag that was given in If-Match does not match the resource's etag."),
  },
  { id: 'azure-operation-fails', title: 'Azure: a long operation that ends fails.' },
];

const throttled =
  "The request is being throttled as the limit has been reached for operation type - 'Read_ObservationWindow_00:05:00'. For more information, see https://aka.ms/srpthrottlinglimits";

function notSignIn({ service }: AzureAsked, action: FaultAction): FaultAction | undefined {
  return service === 'authority' ? undefined : action;
}

/** Of sign-ins only those that ask for a token. */
function signIn(id: string, title: string, refusal: { error: string; aadsts: number; words: string }): Fault {
  const { error, aadsts, words } = refusal;
  return {
    id,
    title: `Azure: ${title}`,
    resource: 'authority',
    azure: () => (asked) =>
      asked.kind === 'token'
        ? status(error === 'invalid_client' ? 401 : 400, error, words, { details: { aadsts } })
        : undefined,
  };
}

function withoutRole(id: string, title: string, concerns: (asked: AzureAsked) => boolean): Fault {
  return {
    id,
    title: `Azure: ${title} (HTTP 403 AuthorizationFailed).`,
    resource: 'arm',
    azure: () => (asked) => (concerns(asked) ? status(403, 'AuthorizationFailed', unauthorized(asked)) : undefined),
  };
}

function unauthorized({ caller, callerId, action, path }: AzureAsked): string {
  return `The client '${caller}' with object id '${callerId}' does not have authorization to perform action '${action}' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`;
}

function challenge(): string {
  const claims = Buffer.from(
    JSON.stringify({ access_token: { nbf: { essential: true, value: String(Math.floor(Date.now() / 1000)) } } }),
  ).toString('base64');
  return `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="${claims}"`;
}

function certificate(id: string, kind: CertificateKind, title: string): Fault {
  return {
    id,
    title,
    begin({ azure }) {
      void azure?.present(kind).then(() => azure.dropConnections());
      return async () => {
        await azure?.present('valid');
        azure?.dropConnections();
      };
    },
  };
}
