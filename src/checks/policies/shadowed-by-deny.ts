import { covers } from '../../model/policies/cidr.ts';
import { type Peer, type PortRule, policyText, type Rule } from '../../model/policies/rule.ts';
import type { Lint } from './lint.ts';
import { pathOf, rulesOf } from './rule-paths.ts';

export const shadowedByDeny: Lint = {
  id: 'policies/shadowed-by-deny',
  title: 'Allow rule that a deny rule undoes',
  why: 'A deny wins over every allow, however narrow the one and wide the other. The rule allows nothing, for everything it names is denied to the same pods.',
  severity: 'warning',
  look(policy, ground) {
    return rulesOf(policy).flatMap(({ rule, spec }) => {
      if (rule.deny || rule.peers.length === 0 || spec.subject.type === 'nodes') return [];
      const denying = (rules: readonly Rule[]) => rules.find((deny) => undoes(deny, rule));
      const classes = ground.classesOf(spec.subject.selector, policy.ref.namespace);
      // Without pods the same subject stands for the same pods.
      const found =
        classes.length === 0
          ? [denying(spec.rules.filter(({ deny }) => deny))]
          : classes.map((one) =>
              denying(
                ground
                  .applied(one, rule.direction)
                  .deny.filter(({ doubt }) => doubt === '')
                  .map((applied) => applied.rule),
              ),
            );
      const [deny] = found;
      if (!deny || found.includes(undefined)) return [];
      return [
        {
          path: pathOf(rule, spec),
          text: `allows nothing: ${policyText(deny.policy)} ${deny.path} denies all of it`,
          next: 'Take the rule out, or narrow the deny.',
        },
      ];
    });
  },
};

/** Only where it is certain: a deny of one label may hold for every pod of another today, and not tomorrow. */
function undoes(deny: Rule, allow: Rule): boolean {
  if (deny.direction !== allow.direction || deny.doubt !== '' || deny.requires) return false;
  return (
    allow.peers.every((peer) => deny.peers.some((wide) => isWider(wide, peer))) && coversPorts(deny.ports, allow.ports)
  );
}

function isWider(wide: Peer, narrow: Peer): boolean {
  if (wide.type === 'any') return true;
  if (wide.type === 'labels' && narrow.type === 'labels') {
    const wanted = new Set(narrow.selector.requirements.map((one) => JSON.stringify(one)));
    return wide.selector.requirements.every((one) => wanted.has(JSON.stringify(one)));
  }
  if (wide.type !== 'addresses' || narrow.type !== 'addresses') return false;
  return wide.except.length === 0 && covers(wide.cidr, narrow.cidr);
}

function coversPorts(wide: Rule['ports'], narrow: Rule['ports']): boolean {
  if (wide === 'all') return true;
  return narrow !== 'all' && narrow.every((one) => wide.some((other) => coversPort(other, one)));
}

function coversPort(wide: PortRule, narrow: PortRule): boolean {
  if (wide.type === 'icmp' || narrow.type === 'icmp') return JSON.stringify(wide) === JSON.stringify(narrow);
  if (!narrow.protocols.every((protocol) => wide.protocols.includes(protocol))) return false;
  if (wide.name !== '' || narrow.name !== '') return wide.name === narrow.name || (wide.name === '' && wide.port === 0);
  return wide.port === 0 || (narrow.port > 0 && wide.port <= narrow.port && narrow.endPort <= wide.endPort);
}
