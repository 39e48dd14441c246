/**
 * Whether what is called so is a secret: of an environment variable, a key of a ConfigMap, a flag, a field, a column.
 * Rather one too many: what is withheld can be asked for, what has left cannot be called back.
 */
export function isSecretName(name: string): boolean {
  const plain = name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return (SECRET.test(plain) || EXACT.has(plain) || SHOUTED.test(name)) && !HARMLESS.test(plain);
}

/** As `isSecretName`, and any `…_KEY`: what else would a program be handed under that name? */
export function isSecretVariable(name: string): boolean {
  return isSecretName(name) || (/[a-z]_?-?keys?$/i.test(name) && !/public_?-?keys?$/i.test(name));
}

/** Whether what is called so, within something secret, only says which one it is. */
export function isReference(name: string): boolean {
  return REFERENCE.test(name.replace(/[^A-Za-z0-9]/g, ''));
}

/**
 * What may stand under a secret's name and gives nothing away: a switch, a number unless it is of a password, a length of
 * time, where a file or a reference is.
 */
export function isHarmless(value: string, name = ''): boolean {
  if (value.length < 2 || WITHHELD.test(value)) return true;
  if (/^\d+$/.test(value) && PASSWORD.test(name)) return false;
  return PLAIN_VALUE.test(value) && !isKeyLikePath(value);
}

/** A key in base64 may look like a path. */
function isKeyLikePath(value: string): boolean {
  return (
    value.length >= 20 &&
    /^[A-Za-z0-9/]+$/.test(value) &&
    /\d/.test(value) &&
    /[a-z]/.test(value) &&
    /[A-Z]/.test(value)
  );
}

const SECRET =
  /passw(or)?d|passwd|passphrase|pwd$|secret|token|credential|apikey|accesskey|accountkey|privatekey|clientkey|sharedkey|storagekey|signingkey|encryptionkey|masterkey|primarykey|secondarykey|workspacekey|subscriptionkey|hostkey|sshkey|ipseckey|authkey|functionkey|instrumentationkey|sessionkey|sharedaccess|connectionstring|connstr|kubeconfig|dockerconfig|dockercfg|cookie|authorization|signature|certificatedata|authoritydata|keydata|htpasswd|sastoken|saskey|sasurl|passcode|sessionid|licensekey|functionskey|webhookurl|(?<!by|com|over)pass$|auth$|creds?$/;
const EXACT = new Set([
  'sig',
  'auth',
  'pwd',
  'pass',
  'psk',
  'pat',
  'jwt',
  'bearer',
  'cert',
  'crt',
  'pem',
  'dsn',
  'pw',
  'otp',
]);
/** An environment variable, wherever it stands. */
const SHOUTED = /^(?!.*PUBLIC)([A-Z][A-Z0-9]*_)+KEYS?$|[_-][pP][wW]$/;
/** What stands there already; what follows it is none of it. */
const WITHHELD = /^\[(redacted|left out)[^\]]*\]?(\s|\\+n)*$/;
const PASSWORD = /passw|passcode|pwd$|pin$/i;
const REFERENCE =
  /^(name|namespace|key|paths?|kind|type|mode|apiversion|optional|audiences?|items|secretname|provider|enabled|defaultmode|file|dir|expirationseconds|group|version|uid|id|source|issuer|driver)$/i;
/** Names about a secret rather than of one. */
const HARMLESS =
  /^(imagepull)?secrets?(name|names|namespace|ref|keyref|type)$|(secret|token|credential|password|cookie)(names?|namespaces?|type|kind|path|paths|ttl|audiences?|expiry|expiration(seconds)?|lifetime|length|count|mode|enabled|refs?|optional|s?backend|review|reviews|requests?|scopes?)$|^automount|^enable|^disable|tokenbucket|secretsync|secretsnamespace$/;
const PLAIN_VALUE =
  /^(true|false|yes|no|on|off|null|nil|none|undefined|default|required|optional|disabled|enabled|<nil>|<none>|\d{1,6}|\d+(\.\d+)?(ns|us|ms|s|m|h|d)|(\/[\w.@-]+){2,}\/?|\*+|-+|[|>][+-]?)$/i;
