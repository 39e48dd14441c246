import { createHmac, randomBytes } from 'node:crypto';
import { azurePlace } from './azure-settings.ts';

/** Whom tokens are issued for. */
export type Identity = {
  /** Object ID: what the service's own words name. */
  id: string;
  kind: 'user' | 'application';
  /** User principal name, or the application's ID. */
  name: string;
};

export type ReadToken = { audience: string; identity: Identity; tenant: string; expires: number };

/** Issues access tokens as Entra does, signed so that only its own are taken. */
export type Tokens = {
  /** A JWT. `expires` is in seconds since 1970, as clients are told it. */
  issue(identity: Identity, audience: string, seconds: number): string;
  /** Undefined: not one of ours. An expired one is read all the same. */
  read(token: string): ReadToken | undefined;
  /** Ends all that were issued up to now. */
  expireAll(): void;
};

export function createTokens(issuer: () => string): Tokens {
  const key = randomBytes(32);
  let notBefore = 0;
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  return {
    issue(identity, audience, seconds) {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        aud: audience,
        iss: `${issuer()}/${azurePlace.tenant}/`,
        iat: now,
        nbf: now,
        exp: now + seconds,
        // Two tokens of one second must not be the same one.
        uti: randomBytes(8).toString('base64url'),
        issued: Date.now(),
        oid: identity.id,
        tid: azurePlace.tenant,
        ver: '1.0',
        ...(identity.kind === 'user'
          ? {
              idtyp: 'user',
              name: 'Mara Lind',
              upn: identity.name,
              unique_name: identity.name,
              scp: 'user_impersonation',
            }
          : { idtyp: 'app', appid: identity.name }),
      };
      const text = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
      return `${text}.${sign(text)}`;
    },
    read(token) {
      const [head, claims, signature] = token.split('.');
      if (claims === undefined || signature !== sign(`${head}.${claims}`)) return undefined;
      const { aud, oid, tid, exp, issued, ...read } = JSON.parse(
        Buffer.from(claims, 'base64url').toString('utf8'),
      ) as Claims;
      return {
        audience: aud,
        identity: { id: oid, kind: read.idtyp === 'user' ? 'user' : 'application', name: read.upn ?? read.appid ?? '' },
        tenant: tid,
        expires: issued < notBefore ? Math.min(exp * 1000, notBefore) : exp * 1000,
      };
    },
    expireAll() {
      notBefore = Date.now() + 1;
    },
  };
}

type Claims = {
  aud: string;
  oid: string;
  tid: string;
  exp: number;
  issued: number;
  idtyp: string;
  upn?: string;
  appid?: string;
};

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
