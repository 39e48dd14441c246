import { count, names } from '../checks/words.ts';
import { UserError } from '../errors.ts';
import type { CertificateDates } from '../model/asks.ts';
import { ciliumConfig, clusterMode } from '../model/cluster-mode.ts';
import type { ObjectRef } from '../model/ref.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { systemDeployment } from '../model/system-workload.ts';
import { mustRead, nothingOf, readBy, seen, speaksAgainst, speaksFor } from './look.ts';
import { namesOfAll } from './names-of-all.ts';
import type { Cause, Evidence, LookAsks, Looked, Runbook, RunState } from './runbook.ts';
import { saidEvidence, saidOf } from './said-of.ts';

export const relayCertificatesExpiring: Runbook = {
  id: 'relay-certificates-expiring',
  title: 'Hubble’s certificates end, or have ended',
  says: 'Until when the certificates hold by which Hubble’s relay and the agents know each other, and whether the relay already fails for them. Of the Secrets only dates and names of certificates are read, and only where that is allowed; else the relay’s log is what there is. Pods’ traffic does not depend on them.',
  from: ['agents/relay-not-ready'],
  steps: [
    {
      type: 'look',
      id: 'switched-on',
      title: 'whether a relay with TLS is there at all',
      decides: true,
      async look(state) {
        mustRead(state, ['configMaps', 'deployments']);
        return switchedOn(state.snapshot);
      },
    },
    {
      type: 'look',
      id: 'dates',
      title: 'until when the certificates in its Secrets hold (dates and names alone)',
      decides: true,
      skip: notThere,
      async look(state, asks, signal) {
        return dates(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'relay',
      title: 'what the relay said of its peers in the last hour',
      skip: notThere,
      async look(state, asks, signal) {
        mustRead(state, ['deployments', 'systemPods']);
        return relay(state, asks, signal);
      },
    },
    {
      type: 'look',
      id: 'renewal',
      title: 'what renews them',
      skip: (state) => notThere(state) || (state.cause === undefined ? 'they need no renewal now' : ''),
      async look(_, asks, signal) {
        const [jobs, requests] = await Promise.all([
          namesOfAll(asks, 'batch', 'cronjobs', signal),
          namesOfAll(asks, 'cert-manager.io', 'certificates', signal),
        ]);
        const own = [...jobs, ...requests].filter((name) => /hubble/.test(name));
        const words =
          own.length === 0 ? 'no CronJob and no Certificate of Hubble: who set it up renews them' : names(own);
        return { evidence: [seen(words, 'CronJobs, Certificates')] };
      },
    },
    {
      type: 'tell',
      id: 'reach',
      title: 'what ends with them',
      text: ({ cause }) =>
        cause === undefined
          ? []
          : [
              'hubble observe through the relay, its UI and whoever reads flows there; connections of pods, policies and the agents’ own metrics do not depend on it.',
            ],
    },
  ],
};

/** AKS' own add-on begins to renew earlier; what is left then is nobody's plan. */
const soonMs = 30 * 24 * 60 * 60_000;
const secrets = ['hubble-server-certs', 'hubble-relay-client-certs', 'hubble-relay-server-certs'] as const;

function notThere(state: RunState): string {
  return readBy<boolean>(state, 'switched-on') === false ? 'there is no relay with TLS' : '';
}

function switchedOn(snapshot: Snapshot): Looked {
  const config = ciliumConfig(snapshot);
  const deployed = systemDeployment(snapshot, 'hubble-relay', 'k8s-app=hubble-relay');
  const words = `enable-hubble=${config['enable-hubble'] ?? 'not set'}, hubble-disable-tls=${config['hubble-disable-tls'] ?? 'not set'}, ${deployed === undefined ? 'no Deployment hubble-relay' : `hubble-relay ${deployed.ready} of ${deployed.desired} ready`}`;
  const isThere =
    config['enable-hubble'] === 'true' && config['hubble-disable-tls'] !== 'true' && deployed !== undefined;
  const source = 'cilium-config, Deployments';
  return { evidence: [isThere ? seen(words, source) : speaksAgainst(words, source)], value: isThere };
}

async function dates({ snapshot, now }: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const found: { secret: string; certificate: CertificateDates }[] = [];
  for (const secret of secrets) {
    try {
      const all = await asks.certificates('kube-system', secret, signal);
      found.push(...all.map((certificate) => ({ secret, certificate })));
    } catch (error) {
      // Not every release has all three.
      if (!(error instanceof UserError) || error.kind !== 'missing') throw error;
    }
  }
  if (found.length === 0)
    throw new UserError('No Secret of Hubble holds a certificate: they lie elsewhere.', '', 'missing');
  const sorted = found.toSorted((a, b) => a.certificate.notAfter - b.certificate.notAfter);
  const ending = sorted.filter(({ certificate }) => certificate.notAfter - now < soonMs);
  const evidence = sorted.map(({ secret, certificate }): Evidence => {
    const { entry, subject, notAfter } = certificate;
    const speaks = notAfter - now < soonMs ? speaksFor : speaksAgainst;
    return speaks(
      `${secret} ${entry} (${subject}): ${untilText(notAfter, now)}`,
      'Secrets of kube-system',
      secretRef(secret),
    );
  });
  const [first] = ending;
  if (first === undefined) return { evidence };
  const hasEnded = first.certificate.notAfter <= now;
  const cause: Cause = {
    id: hasEnded ? 'certificates-ended' : 'certificates-end-soon',
    text: `${count(ending.length, 'certificate')} of Hubble ${hasEnded ? 'ended or end' : 'end'} soon: ${first.secret} ${untilText(first.certificate.notAfter, now)}${hasEnded ? ', and agents and relay refuse each other' : ''}.`,
    confidence: 'certain',
    objects: [...new Set(ending.map(({ secret }) => secret))].map(secretRef),
    next: nextStep(snapshot),
  };
  return { evidence, causes: [cause] };
}

function untilText(at: number, now: number): string {
  const days = Math.floor(Math.abs(at - now) / 86_400_000);
  const day = new Date(at).toISOString().slice(0, 10);
  const span = days === 0 ? 'less than a day' : count(days, 'day');
  return at <= now ? `ended ${day}, ${span} ago` : `ends ${day}, in ${span}`;
}

function secretRef(name: string): ObjectRef {
  return { kind: 'Secret', namespace: 'kube-system', name };
}

function nextStep(snapshot: Snapshot): string {
  return clusterMode(snapshot).cni === 'managed-cilium'
    ? 'AKS keeps them with its add-on: az aks update without a change makes it look again; if they stay, a support case.'
    : 'Make them anew as they were made (the CronJob hubble-generate-certs, cert-manager, or helm upgrade), then restart hubble-relay.';
}

async function relay({ snapshot }: RunState, asks: LookAsks, signal: AbortSignal): Promise<Looked> {
  const pods =
    systemDeployment(snapshot, 'hubble-relay', 'k8s-app=hubble-relay')?.pods.filter(({ deleting }) => deleting === 0) ??
    [];
  const speakers = pods
    .slice(0, 3)
    .map(({ namespace, name }) => ({ namespace, pod: name, container: 'hubble-relay', program: 'relay' as const }));
  if (speakers.length === 0) return { evidence: [seen('it has no pod', 'pod status')] };
  const { said, missed } = await saidOf(asks, speakers, ['relay-peers-unreachable'], 60 * 60_000, signal);
  const rest = missed === '' ? {} : { missed };
  if (said.length === 0)
    return { ...nothingOf('it reaches its peers, as far as it says', 'log of hubble-relay'), ...rest };
  const refused = said.flatMap(({ lines }) => lines).filter((line) => /x509|certificate/.test(line));
  const ended = refused.some((line) => /expired/.test(line));
  const cause: Cause = {
    id: ended ? 'certificates-ended' : refused.length > 0 ? 'certificates-refused' : 'peers-unreachable',
    text: ended
      ? 'The relay and the agents refuse each other: a certificate of Hubble has ended.'
      : refused.length > 0
        ? 'The relay and the agents refuse each other’s certificates.'
        : 'The relay reaches agents no more, and does not blame a certificate.',
    confidence: ended ? 'likely' : 'possible',
    objects: pods.slice(0, 3).map(({ namespace, name }) => ({ kind: 'Pod', namespace, name })),
    next: nextStep(snapshot),
  };
  return { evidence: saidEvidence(said), causes: [cause], ...rest };
}
