import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toItsEnd } from '../../../src/model/policies/turns.ts';
import { redactText as turns } from '../../../src/model/redaction/redact-text.ts';
import { createRedactor } from '../../../src/model/redaction/redactor.ts';
import { fc } from '../../fixtures/seeded.ts';

type Case = { text: string; gives: string } | { stays: string };
const redactText = (text: string) => toItsEnd(turns(text));
const cases = parse(readFileSync(join(import.meta.dirname, 'redact-text.yaml'), 'utf8')) as readonly Case[];

describe('redactText', () => {
  it.each(cases.map((one) => ('stays' in one ? { text: one.stays, gives: one.stays } : one)))(
    '$text',
    ({ text, gives }) => {
      expect(redactText(text)).toBe(gives);
    },
  );

  it('leaves nothing of a secret in whatever it stands in, plain, encoded, and once more elsewhere', () => {
    fc.assert(
      fc.property(secret, fc.constantFrom(...carriers), fc.constantFrom(...codings), (value, carrier, coding) => {
        const given = coding(carrier(value));
        expect(holds(redactText(given), value), given).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes no longer than the text is long', () => {
    const line = 'level=info msg="a b c" key=value path=/a/b/c%20d https://h/x?y=z ';
    const began = process.cpuUsage().user;
    redactText(line.repeat(10_000));
    for (const sign of [
      '-',
      '"',
      '\\',
      'a',
      '%41',
      'a=',
      '://',
      '-----BEGIN x-----',
      '<a>',
      'token ',
      'x_key={',
      'secret={',
      'tokens=["a",',
      'token:\n- ',
      'pwd: |\n ',
      '&#34;',
      '\\n- ',
      '\n  token:',
      '\\n  token:',
    ])
      redactText(sign.repeat(100_000 / sign.length));
    for (const [begin, sign] of [
      ['kind: Secret ', '\\'],
      ['token:\n- ', '\\'],
      ['token="x', '\\\\'],
      ['--token', '\n'],
    ] as const)
      redactText(`${begin}${sign.repeat(100_000)} x`);
    expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(6);
  });
});

describe('createRedactor', () => {
  it('takes out of objects what names give away, and what was met so wherever it comes again', () => {
    const redactor = createRedactor();
    const pod = {
      metadata: {
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":"Kn0wn-by-name"}', note: 'x' },
      },
      spec: {
        containers: [
          {
            args: ['--password', 'Arg-of-list-1', '--port', '8080'],
            env: [
              { name: 'DB_PASSWORD', value: 'Kn0wn-by-name' },
              { name: 'STRIPE_KEY', value: 'By-its-key-2' },
              { name: 'MODE', value: 'fast' },
              { name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
          },
        ],
      },
    };
    expect(redactor.data(pod)).toEqual({
      metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '[left out]', note: 'x' } },
      spec: {
        containers: [
          {
            args: ['--password', '[redacted]', '--port', '8080'],
            env: [
              { name: 'DB_PASSWORD', value: '[redacted]' },
              { name: 'STRIPE_KEY', value: '[redacted]' },
              { name: 'MODE', value: 'fast' },
              { name: 'FROM', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
            ],
          },
        ],
      },
    });
    expect(redactor.text('connecting with Kn0wn-by-name to db')).toBe('connecting with [redacted] to db');
    expect(redactor.text(Buffer.from('a Kn0wn-by-name b, as a text').toString('base64'))).toBe('[redacted]');
    expect(redactor.count()).toBeGreaterThan(0);
  });

  it('keeps the names of objects, although somebody may have them as a password', () => {
    const redactor = createRedactor((text) => 'kube-system/aks-np1-000000'.includes(text));
    redactor.data({ env: [{ name: 'PASSWORD', value: 'aks-np1-000000' }] });
    expect(redactor.text('node aks-np1-000000 is ready')).toBe('node aks-np1-000000 is ready');
  });

  it('ends with what is nested without end', () => {
    let nested: unknown = 'x';
    for (let i = 0; i < 5_000; i++) nested = [nested];
    expect(JSON.stringify(createRedactor().data(nested))).toContain('left out: nested too deep');
  });
});

/** Of letters and digits, as long as passwords are; never a word or a mere number. */
const secret = fc
  .stringMatching(/^[A-Za-z0-9]{8,24}$/)
  .filter((value) => /[a-z]/.test(value) && /[A-Z]/.test(value) && /\d/.test(value));

const carriers: readonly ((secret: string) => string)[] = [
  (secret) => `password=${secret}`,
  (secret) => `{"clientSecret": "${secret}"}`,
  (secret) => JSON.stringify(JSON.stringify({ password: secret, more: 1 })),
  (secret) => `Server=db;User=sa;Password=${secret};Encrypt=true`,
  (secret) => `postgres://app:${secret}@db.example:5432/shop`,
  (secret) => `https://x.blob.core.windows.net/c?sv=2022-11-02&sig=${secret}&se=2027`,
  (secret) => `Authorization: Bearer ${secret}`,
  (secret) => `tool --api-key ${secret} --verbose`,
  (secret) => `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  (secret) => `eyJhbGciOiJIUzI1NiJ9.${secret}.${secret}`,
  (secret) => `users:\n- user:\n    client-key-data: ${secret}\n    token: ${secret}`,
  (secret) => `time=now level=error msg="refused" token="${secret}"`,
  (secret) => `<Password>${secret}</Password>`,
  (secret) => `DB_PASS=${secret} MODE=fast`,
  (secret) => `STRIPE_KEY=${secret}`,
  (secret) => `db_pw: '${secret}'`,
  (secret) => `X-Auth: ${secret}`,
  (secret) => `tool --password "${secret}" --verbose`,
  (secret) => JSON.stringify({ args: ['--password', secret, '--port', '1'] }),
  (secret) => `args:\n  - --password\n  - ${secret}\n  - --port`,
  (secret) => `password: |\n  first\n  ${secret}\nnext: ok`,
  (secret) => `passwords:\n  db: ${secret}\n  cache: ${secret}\nnext: ok`,
  (secret) => `tokens:\n- ${secret}\n- ${secret}x\nother: x`,
  (secret) => JSON.stringify({ tokens: ['x', secret], other: 1 }),
  (secret) => JSON.stringify({ passwords: { db: 'x', cache: secret } }),
  (secret) => `{tokens:[x ${secret}] other:1}`,
  (secret) => JSON.stringify({ env: [{ name: 'DB_PASSWORD', value: secret }] }),
  (secret) => `env:\n- name: DB_PASSWORD\n  value: ${secret}\n`,
  (secret) => `{Name:DB_PASSWORD Value:${secret} ValueFrom:nil}`,
  (secret) => JSON.stringify({ 'X-Api-Key': [secret], Cookie: [`sid=${secret}`] }),
  (secret) => `map[Authorization:[Bearer ${secret}] X-Api-Key:[${secret}]]`,
  (secret) => `root:${secret}@tcp(10.0.0.1:3306)/shop`,
  (secret) => `curl -u admin:${secret} https://shop.example`,
  (secret) => `docker login -u me -p ${secret} registry.example`,
  (secret) => `machine shop.example login me password ${secret}`,
  (secret) => `https://hooks.slack.com/services/T000/B000/${secret}`,
  (secret) => JSON.stringify({ kind: 'Secret', stringData: { any: secret } }),
  (secret) => `apiVersion: v1\nkind: Secret\nstringData:\n  any: ${secret}\ntype: Opaque`,
  (secret) => `AccountKey=ab\\u002B${secret}==;EndpointSuffix=x`,
  (secret) => `url=/cb?x=%ZZ&password%3D${secret}`,
];

const codings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `2026-11-22T12:00:00Z some words before ${text} and after`,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => encodeURIComponent(text),
  (text) => JSON.stringify({ note: text }),
  (text) => encodeURIComponent(Buffer.from(text).toString('base64')),
  (text) => Buffer.from(text, 'utf16le').toString('base64'),
  (text) => Buffer.from(`né ${text}`).toString('base64'),
  (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`),
  // As a log tells several lines, each with its time.
  (text) => text.replace(/^/gm, '2026-11-22T12:00:00.123456789Z '),
];

function holds(text: string, secret: string): boolean {
  const shown = [text, Buffer.from(text, 'base64').toString('latin1')];
  return (
    shown.some((one) => one.includes(secret)) ||
    text.includes(Buffer.from(secret).toString('base64').replace(/=+$/, ''))
  );
}

it('of a text of megabytes takes out the same in turns, and others have theirs in between', () => {
  const line =
    '2026-11-22T12:00:00.000000000Z time=2026-11-22 level=info msg="Regenerated" endpointID=1234 password=hunter2x ip=10.0.0.1 id=AbCdEf0123456789AbCdEf0123456789AbCdEf01\n';
  const text = line.repeat(6_000);
  const given = createRedactor().longText(text);
  let count = 0;
  for (;;) {
    const { done, value } = given.next();
    if (done) {
      expect(value).toBe(createRedactor().text(text));
      expect(value).not.toContain('hunter2x');
      break;
    }
    count += 1;
  }
  expect(count).toBeGreaterThan(30);
});
