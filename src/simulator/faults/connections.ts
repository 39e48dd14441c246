// What happens below HTTP: connections refused, silent, slow, broken, or not to be trusted.
import type { CertificateKind } from '../api/certificates.ts';
import type { Fault } from './fault.ts';

export const connectionFaults: readonly Fault[] = [
  {
    id: 'api-down',
    title: 'Connections are refused and open ones reset.',
    begin(ground) {
      void ground.server.refuse();
      return () => ground.server.accept();
    },
  },
  {
    id: 'black-hole',
    title: 'Requests are read and never answered.',
    intercept: () => () => ({ kind: 'black-hole' }),
  },
  {
    id: 'hang-up',
    title: 'The connection is closed without an answer.',
    intercept: () => () => ({ kind: 'hang-up' }),
  },
  {
    id: 'slow-body',
    title: 'The answer comes at one byte a second.',
    intercept: () => () => ({ kind: 'slow', bytesPerSecond: 1 }),
  },
  {
    id: 'slow-lists',
    title: 'Lists are answered after three seconds.',
    verbs: ['list'],
    intercept: () => () => ({ kind: 'delay', milliseconds: 3000 }),
  },
  certificate('certificate-expired', 'expired', 'From now on the server shows an expired certificate.'),
  certificate('certificate-wrong-host', 'wrong-host', 'From now on the server shows a certificate for another host.'),
  certificate(
    'certificate-unknown-authority',
    'unknown-authority',
    'From now on the server shows a certificate of another authority.',
  ),
];

function certificate(id: string, kind: CertificateKind, title: string): Fault {
  return {
    id,
    title,
    begin({ server }) {
      void server.present(kind).then(() => server.dropConnections());
      return async () => {
        await server.present('valid');
        server.dropConnections();
      };
    },
  };
}
