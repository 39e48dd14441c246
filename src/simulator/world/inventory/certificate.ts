// An X.509 certificate as DER, made at once: the world is built without waiting for anything.
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export type Issued = { subject: string; issuer: string; notBefore: number; notAfter: number };

/** Something to sign with, for a whole cluster. */
export function createIssuer(): { certificate(about: Issued): string } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { certificate: (about) => pemOf(certificateOf(about, privateKey)) };
}

function certificateOf({ subject, issuer, notBefore, notAfter }: Issued, key: KeyObject): Buffer {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const serial = der(0x02, Buffer.from([1 + (notAfter % 100)]));
  const validity = sequence(time(notBefore), time(notAfter));
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const body = sequence(version, serial, ecdsa, nameOf(issuer), validity, nameOf(subject), publicKey);
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', body, key)]);
  return sequence(body, ecdsa, der(0x03, signature));
}

/** ecdsa-with-SHA256 */
const ecdsa = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
/** 2.5.4.3 */
const commonName = der(0x06, Buffer.from('550403', 'hex'));

function nameOf(text: string): Buffer {
  return sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))));
}

function time(at: number): Buffer {
  const digits = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:T]/g, '');
  return der(0x18, Buffer.from(digits));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), value]);
}

function pemOf(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
