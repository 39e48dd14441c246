// hubble-relay: gathers flows from all agents, over TLS with the certificates that lie beside it.
import { X509Certificate } from 'node:crypto';
import type { KubeObject } from '../../cluster.ts';
import { type Program, spread } from '../program.ts';
import { getOf, lately, type Scene } from '../scene.ts';

export function relayProgram(scene: Scene): Program {
  const ends = lately(scene, () => certificateEnds(scene));
  return {
    opening: (at) =>
      spread(at, 30, [
        (t) => line(t, 'info', 'Starting gRPC health server...', 'addr=":4222"'),
        (t) =>
          line(
            t,
            'info',
            'Starting gRPC server...',
            'options="{peerTarget:hubble-peer.kube-system.svc.cluster.local:443 retryTimeout:30000000000}"',
          ),
        (t) =>
          line(
            t,
            'info',
            'Received peer change notification',
            `change notification="name:\\"${scene.store.count('Node')} nodes\\" type:PEER_ADDED"`,
          ),
      ]),
    habits: [
      {
        every: 30_000,
        say(at) {
          const end = ends();
          if (end === 0 || at < end) return undefined;
          const moment = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, '');
          const error = `connection error: desc = \\"transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time ${moment(at)} is after ${moment(end)}\\"`;
          return line(
            at,
            'warning',
            'Failed to create peer client for peers synchronization; will try again after the timeout has expired',
            `error="${error}" target="hubble-peer.kube-system.svc.cluster.local:443"`,
          );
        },
      },
    ],
    closing: (at, words, exitCode) =>
      words !== '' ? words.split('\n') : exitCode === 0 ? [line(at, 'info', 'Stopping server...', '')] : [],
  };
}

function line(at: number, level: string, message: string, fields: string): string {
  const time = new Date(at).toISOString().replace(/\.\d+/, '');
  return `time="${time}" level=${level} msg=${JSON.stringify(message)}${fields === '' ? '' : ` ${fields}`} subsys=hubble-relay`;
}

/** 0 = there is no certificate. */
function certificateEnds(scene: Scene): number {
  const secret = getOf<Secret>(scene, 'Secret', 'kube-system', 'hubble-server-certs');
  const file = secret?.data?.['tls.crt'];
  return file === undefined ? 0 : Date.parse(new X509Certificate(Buffer.from(file, 'base64')).validTo);
}

type Secret = KubeObject & { data?: Record<string, string> };
