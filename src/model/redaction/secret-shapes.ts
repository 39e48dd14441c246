import { REDACTED } from './named-values.ts';

/** `hint`: what is cheap to look for and never absent where `found` matches. */
export type Shape = { hint: RegExp; found: RegExp; put: string };

/** What is a secret by how it looks, whatever it is called. */
export const SHAPES: readonly Shape[] = [
  // Also with line breaks written as \n, with a log's timestamps between its lines, or cut off before its end.
  {
    hint: /-----BEGIN/,
    found: /-----BEGIN ([^-\n]{1,60})-----(?:(?!-----BEGIN )[\s\S]){0,40000}?-----END \1-----/g,
    put: '[redacted: $1]',
  },
  { hint: /-----BEGIN/, found: /-----BEGIN ([^-\n]{1,60})-----[\s\S]{0,20000}/g, put: '[redacted: $1]' },
  // A Secret within a text, as kubectl prints or applies it: all that it holds.
  {
    hint: /["']?kind\\*["']?:\s*\\*["']?Secret\b/,
    found: /((?<!\\)\\*["'](?:string)?[dD]ata\\*["']\s*:\s*\{)[^{}]+/g,
    put: `$1${REDACTED}`,
  },
  {
    hint: /(\b|\\n)kind:\s*["']?Secret\b/,
    found:
      /((?:^|\n|\\n)(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}Z )?([ \t]*)(?:stringData|data):[ \t]*)(?:(?:\n(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}Z )?|\\n)\2[ \t]+(?:(?!\\n)[^\n])*)+/g,
    put: `$1${REDACTED}`,
  },
  {
    hint: /authorization|cookie/i,
    found: /\b(authorization|proxy-authorization|cookie|set-cookie)(\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]{4,}/gi,
    put: `$1$2${REDACTED}`,
  },
  { hint: /eyJ/, found: /(?<![A-Za-z0-9-])eyJ[\w-]{6,}\.[\w-]{4,}(\.[\w-]*)*/g, put: REDACTED },
  {
    hint: /bearer|negotiate|sharedkey|sharedaccess/i,
    found: /\b(bearer|negotiate|sharedkey|sharedaccesssignature)(\s+|%20|\+)(?!auth|token|cred)[\w.~+/=:&%-]{8,}/gi,
    put: `$1$2${REDACTED}`,
  },
  // Ordinary words as well: only what follows no word does tells them apart.
  {
    hint: /[Bb]asic|[Dd]igest|BASIC/,
    found: /\b([Bb]asic|BASIC|[Dd]igest)(\s+|%20|\+)(?=[\w+/-]*[A-Z0-9=])(?!sha\d+:)[\w.~+/=:&%-]{8,}/g,
    put: `$1$2${REDACTED}`,
  },
  // Up to the last @: a password may hold one that nobody encoded. A digest's @ follows no login.
  {
    hint: /@/,
    found:
      /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s"'<>@/]{0,300}:(?!\d{1,5}\/)[^\s"'<>]{0,500}@(?!sha256:)/gi,
    put: `$1${REDACTED}@`,
  },
  {
    hint: /@/,
    found: /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\/\/)[^\s"'<>/?#@]{1,500}@(?!sha256:)/gi,
    put: `$1${REDACTED}@`,
  },
  // Of Go's database drivers: no scheme before it.
  {
    hint: /@(tcp|udp|unix)\(/,
    found: /(?<![\w.%-])[\w.%-]{1,100}:[^\s"'<>]{1,300}@(tcp|udp|unix)\(/g,
    put: `${REDACTED}@$1(`,
  },
  // A signature of shared access, as the last of many parameters or the first.
  {
    hint: /sig(nature)?(=|%3d)/i,
    found: /((?:[?&;,\s"']|^|\\u0026|&amp;|%26)sig(?:nature)?(?:=|%3d))[^\s"'&<>\\;,]+/gi,
    put: `$1${REDACTED}`,
  },
  // The key of a function, and of a hook.
  { hint: /[?&]code=/, found: /([?&]code=)[\w%=+/-]{16,}/g, put: `$1${REDACTED}` },
  {
    hint: /hooks\.slack|webhook\.office|api\/webhooks|logic\.azure/,
    found:
      /(hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/|webhook\.office\.com\/|discord(?:app)?\.com\/api\/webhooks\/)[^\s"'<>\\]+/g,
    put: `$1${REDACTED}`,
  },
  // What a person types: a login of curl, of a registry, of a database.
  {
    hint: /\s(-u|--user|--proxy-user)[ =]/,
    found: /(\s(?:-u|--user|--proxy-user)[ =]["']?[\w.@-]{1,100}):[^\s"']+/g,
    put: `$1:${REDACTED}`,
  },
  {
    hint: /login|sshpass|mysql/,
    found: /\b((?:login|sshpass|mysql\w*)\b[^\n|;&]{0,300}?\s-p)(\s*)["']?[^\s"'-][^\s"']*["']?/g,
    put: `$1$2${REDACTED}`,
  },
  { hint: /login\s/, found: /\b(login\s+\S{1,100}\s+password\s+)\S+/g, put: `$1${REDACTED}` },
  // Hashes of passwords, and keys as the kernel lists those of IPsec.
  { hint: /\$/, found: /\$(?:2[abxy]?|5|6|y|7|apr1|1|argon2\w{0,2})\$[\w./$=,+-]{20,}/g, put: REDACTED },
  {
    hint: /rfc4106|rfc4543|rfc4309|hmac\(|cbc\(/,
    found: /((?:rfc4106|rfc4543|rfc4309|hmac|cbc)\([\w()-]{1,40}\)*\s+)(?:0x)?[0-9a-fA-F]{32,}/g,
    put: `$1${REDACTED}`,
  },
  // A token that lets a node join; an Event is called much like one, after what it is about.
  {
    hint: /[a-z0-9]{6}\.[a-z0-9]{16}/,
    found: /(?<![a-z0-9.-])[a-z0-9]{6}\.[a-z0-9]{16}(?![a-z0-9.-])/g,
    put: REDACTED,
  },
  {
    hint: /gh[pousr]_|github_pat|gl\w{2,5}-|xox|AKIA|ASIA|AIza|sk[-_]|rk_|whsec_|npm_|dapi|hv[sb]\.|dckr_|SG\.|pypi-|AGE-|\d:AA/,
    found:
      /(?<![A-Za-z0-9])(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|gl(?:pat|dt|rt|ptt|cbt|agent|soat|ft)-[\w.-]{16,}|xox[abeprs]-[\w-]{10,}|A[KS]IA[0-9A-Z]{16}|AIza[\w-]{30,}|sk-[\w-]{20,}|[sr]k_(?:live|test)_\w{16,}|whsec_[\w+/=]{20,}|npm_[A-Za-z0-9]{30,}|dapi[0-9a-f]{32}(?:-\d)?|hv[sb]\.[\w-]{20,}|dckr_[a-z]{3}_[\w-]{20,}|SG\.[\w-]{16,}\.[\w-]{16,}|pypi-[\w-]{40,}|AGE-SECRET-KEY-1[0-9A-Z]{40,}|\d{8,10}:AA[\w-]{30,})/g,
    put: REDACTED,
  },
  // Client secrets as Entra ID makes them.
  { hint: /\dQ~/, found: /(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{28,40}/g, put: REDACTED },
];
