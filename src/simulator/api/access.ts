// Who may do what: the tokens a server knows, and the rights behind each.

/** A rule as in RBAC: `*` = any. `namespaces` absent = every namespace and the cluster scope. */
export type Rule = {
  verbs: readonly string[];
  groups: readonly string[];
  resources: readonly string[];
  namespaces?: readonly string[];
};

export type User = {
  name: string;
  groups: readonly string[];
  rules: readonly Rule[];
  /** Milliseconds since 1970 of the real clock; from then on every request gets a 401. */
  expires?: number;
};

/** Bearer token → user. Read anew at each request, so that a token may be added, revoked or expire in between. */
export type Tokens = Record<string, User>;

const anything: Rule = { verbs: ['*'], groups: ['*'], resources: ['*'] };

export function administrator(name = 'admin'): User {
  return { name, groups: ['system:masters', 'system:authenticated'], rules: [anything] };
}

/** Nothing but discovery. */
export function readerWithoutRights(name = 'reader'): User {
  return { name, groups: ['system:authenticated'], rules: [] };
}

/** Everything inside the namespaces, nothing outside. */
export function namespaceOnly(name: string, namespaces: readonly string[]): User {
  return { name, groups: ['system:authenticated'], rules: [{ ...anything, namespaces }] };
}

/** A token that was good once. */
export function expired(name = 'expired'): User {
  return { ...administrator(name), expires: 0 };
}

export type Attributes = { verb: string; group: string; resource: string; subresource: string; namespace: string };

/** Discovery and health need no rule; reviews of oneself only a known user (system:basic-user). */
export function allowed(user: User, asked: Attributes): boolean {
  const selfReview = /^self/.test(asked.resource) && asked.verb === 'create';
  if (selfReview && user.groups.includes('system:authenticated')) return true;
  const resource = asked.subresource === '' ? asked.resource : `${asked.resource}/${asked.subresource}`;
  return user.rules.some(
    (rule) =>
      has(rule.verbs, asked.verb) &&
      has(rule.groups, asked.group) &&
      has(rule.resources, resource) &&
      (rule.namespaces === undefined || (asked.namespace !== '' && rule.namespaces.includes(asked.namespace))),
  );
}

function has(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}
