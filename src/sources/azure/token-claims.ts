import { sanitiseLine } from '../../model/sanitise.ts';

/** Whose token it is, as it says itself. '' where it does not, or is no JWT. Sanitised. */
export type TokenClaims = { account: string; tenant: string };

/** Nothing is verified: it is what we were given, read for people. */
export function tokenClaims(token: string): TokenClaims {
  let claims: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    if (typeof parsed === 'object' && parsed !== null) claims = parsed as Record<string, unknown>;
  } catch {
    // Opaque tokens say nothing.
  }
  const first = (...names: string[]) => {
    const found = names.map((name) => claims[name]).find((value) => typeof value === 'string' && value !== '');
    return found === undefined ? '' : sanitiseLine(found, 200);
  };
  const user = first('upn', 'preferred_username', 'unique_name', 'email');
  const application = first('app_displayname', 'appid', 'azp');
  return {
    account: user !== '' ? user : application === '' ? '' : `application ${application}`,
    tenant: first('tid'),
  };
}
