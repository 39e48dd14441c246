import type { ManagedPool } from '../../model/azure/managed-cluster.ts';
import { isAtRest } from '../../model/azure/operations.ts';
import { nameOfResource } from '../../model/azure/resource-id.ts';
import { number } from '../../ui/text.ts';
import type { Glyphs } from '../../ui/theme.ts';
import { type Spans, span } from '../spans.ts';

/** What Azure adds to a pool: how it is made, and what it is doing. */
export function managedPoolSpans(pool: ManagedPool, glyphs: Glyphs): Spans {
  const { provisioningState: state, power } = pool;
  const isDown = power !== '' && !/^running$/i.test(power);
  const facts = [
    pool.mode,
    counts(pool),
    pool.maxPods > 0 ? `${number(pool.maxPods)} pods a node` : '',
    pool.maxSurge === '' ? '' : `surge ${pool.maxSurge}`,
    subnets(pool),
    [pool.osSku || pool.osType, pool.fips ? 'FIPS' : ''].filter((text) => text !== '').join(' '),
    pool.vmSize,
    pool.localDns === '' || /^disabled$/i.test(pool.localDns) ? '' : `LocalDNS ${pool.localDns}`,
  ].filter((text) => text !== '');
  return [
    span(`${glyphs.branch} `, 'dim'),
    ...(isDown ? [span(`${power} `, 'warning')] : []),
    ...(isAtRest(state) && !/^(failed|cancell?ed)$/i.test(state)
      ? []
      : [span(`${state} `, isAtRest(state) ? 'warning' : 'progress')]),
    span(facts.join(' · '), 'dim'),
  ];
}

/** Of a pool that has no node in Kubernetes: it is only in Azure. */
export function absentPoolSpans(pool: ManagedPool): Spans {
  return [
    span(pool.name),
    span(pool.count === 0 ? '  no nodes' : `  no nodes seen; Azure counts ${number(pool.count)}`, 'dim'),
  ];
}

function counts({ count, autoscaling, minCount, maxCount }: ManagedPool): string {
  return autoscaling ? `${number(count)} nodes of ${minCount}–${maxCount}` : `${number(count)} nodes`;
}

function subnets({ nodeSubnet, podSubnet, podIpAllocation }: ManagedPool): string {
  if (nodeSubnet === '' && podSubnet === '') return '';
  const pods = podSubnet === '' ? '' : `, pods ${nameOfResource(podSubnet)}`;
  const how = /^staticblock$/i.test(podIpAllocation) ? ' in blocks' : '';
  return `subnet ${nameOfResource(nodeSubnet)}${pods}${how}`;
}
