// What Cilium's BGP objects say (cilium.io CiliumBGP…): none of them is watched, they are read when somebody asks.
import { at, count, list, record, text, time } from './objects/raw.ts';
import type { RawObject } from './objects/row.ts';

export type BgpSession = {
  node: string;
  peer: string;
  peerNumber: number;
  /** As the agent says it: established, active, idle, connect …; '' = it says nothing yet. */
  state: string;
  /** 0 = not known. */
  established: number;
  /** Routes told to the router. */
  advertised: number;
};

/** Sessions of a CiliumBGPNodeConfig, which is called as its node: those that are wanted, with what is said of each. */
export function sessionsOfNode(raw: RawObject): readonly BgpSession[] {
  const node = text(at(raw, 'metadata', 'name'));
  const told = list(at(raw, 'status', 'bgpInstances')).flatMap((instance) => list(at(instance, 'peers')).map(record));
  const wanted = list(at(raw, 'spec', 'bgpInstances')).flatMap((instance) => list(at(instance, 'peers')).map(record));
  return wanted.map((peer) => {
    const address = text(peer['peerAddress']);
    const status = told.find((one) => text(one['peerAddress']) === address);
    return {
      node,
      peer: address,
      peerNumber: count(peer['peerASN']),
      state: text(status?.['peeringState']).toLowerCase(),
      established: time(status?.['establishedTime']),
      advertised: list(status?.['routeCount']).reduce<number>((sum, one) => sum + count(at(one, 'advertised')), 0),
    };
  });
}

/** Conditions by which the operator says what a BGP configuration lacks: MissingPeerConfigs, MissingAuthSecret, NoMatchingNode. */
export function bgpComplaints(raw: RawObject): readonly { type: string; message: string }[] {
  return list(at(raw, 'status', 'conditions'))
    .map(record)
    .filter((one) => one['status'] === 'True' && /Missing|NoMatching|Conflict|Invalid/i.test(text(one['type'])))
    .map((one) => ({ type: text(one['type']).replace(/^.*\//, ''), message: text(one['message'], 300) }));
}
