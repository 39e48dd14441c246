import { at, count, list, record, text, time } from '../objects/raw.ts';
import type { Encryption } from './agent-says.ts';
import { saidJson } from './said-json.ts';

/** `cilium-dbg encrypt status -o json`. */
export function readEncryption(output: string): Encryption | undefined {
  const said = saidJson(output);
  const status = record(said);
  const mode = text(status['mode']) || ('wireguard' in status ? 'Wireguard' : 'ipsec' in status ? 'IPsec' : '');
  if (mode === '') return undefined;
  const [device = {}] = list(at(status, 'wireguard', 'interfaces')).map(record);
  const peers = list(device['peers'], 20_000).map(record);
  return {
    mode,
    text: text(status['msg'], 300),
    peerCount: count(device['peer-count']) || peers.length,
    peers: peers.map((peer) => ({
      publicKey: text(peer['public-key']),
      endpoint: text(peer['endpoint']),
      lastHandshake: time(peer['last-handshake-time']),
      allowed: list(peer['allowed-ips'], 20_000).map((one) => text(one)),
      received: count(peer['transfer-rx']),
      sent: count(peer['transfer-tx']),
    })),
  };
}
