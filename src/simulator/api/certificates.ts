import { webcrypto } from 'node:crypto';

export type CertificateKind = 'valid' | 'expired' | 'wrong-host' | 'unknown-authority';

export type Authority = {
  /** PEM */
  ca: string;
  issue(kind: CertificateKind): Promise<{ key: string; cert: string }>;
};

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const authorityName = 'ciliscope simulated cluster';
const day = 24 * 60 * 60 * 1000;

/** A certificate authority of our own; nothing of it is ever written to a disk by us. */
export async function createAuthority(): Promise<Authority> {
  provideMetadata();
  const x509 = await import('@peculiar/x509');
  const genuine = await createRoot(x509, authorityName);
  return {
    ca: genuine.certificate.toString('pem'),
    async issue(kind) {
      // The foreign one has the same name: only its key tells that it is somebody else.
      const root = kind === 'unknown-authority' ? await createRoot(x509, authorityName) : genuine;
      const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial(),
        subject: 'CN=kube-apiserver',
        issuer: root.certificate.subject,
        notBefore: new Date(Date.now() - 2 * day),
        notAfter: new Date(Date.now() + (kind === 'expired' ? -day : 365 * day)),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: root.keys.privateKey,
        extensions: [
          new x509.BasicConstraintsExtension(false, undefined, true),
          new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(root.certificate),
          new x509.SubjectAlternativeNameExtension(
            kind === 'wrong-host'
              ? [{ type: 'dns', value: 'elsewhere.example' }]
              : [
                  { type: 'ip', value: '127.0.0.1' },
                  { type: 'dns', value: 'localhost' },
                  { type: 'dns', value: 'kubernetes.default.svc' },
                ],
          ),
        ],
      });
      return { key: await exportKey(keys.privateKey), cert: certificate.toString('pem') };
    },
  };
}

type X509 = typeof import('@peculiar/x509');
type CryptoKeyPair = { publicKey: webcrypto.CryptoKey; privateKey: webcrypto.CryptoKey };

async function createRoot(x509: X509, name: string) {
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 2 * day),
    notAfter: new Date(Date.now() + 3650 * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { keys, certificate };
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${der.match(/.{1,64}/g)?.join('\n')}\n-----END PRIVATE KEY-----\n`;
}

function serial(): string {
  // A leading 01 keeps the number positive and of full length.
  return `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex')}`;
}

type Metadata = {
  getMetadata?(key: unknown, target: object): unknown;
  getOwnMetadata?(key: unknown, target: object): unknown;
  defineMetadata?(key: unknown, value: unknown, target: object): void;
};

/** The certificate library's injector refuses to load without these three of the reflect-metadata proposal. */
function provideMetadata(): void {
  const reflect = Reflect as Metadata;
  if (reflect.getMetadata !== undefined) return;
  const known = new WeakMap<object, Map<unknown, unknown>>();
  const own = (key: unknown, target: object) => known.get(target)?.get(key);
  reflect.getOwnMetadata = own;
  reflect.getMetadata = (key, target) => {
    for (let at: object | null = target; at !== null; at = Object.getPrototypeOf(at) as object | null) {
      if (known.get(at)?.has(key)) return own(key, at);
    }
    return undefined;
  };
  reflect.defineMetadata = (key, value, target) => {
    const values = known.get(target) ?? new Map<unknown, unknown>();
    known.set(target, values.set(key, value));
  };
}
