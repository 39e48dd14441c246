import type { ResultColumn } from '../../model/azure/log-query.ts';
import type { View } from '../../ui/pane.ts';
import { logView, verdictView } from '../views.ts';
import type { Entry } from './result.ts';

type IsPod = (namespace: string, name: string) => boolean;

/**
 * Why this flow was let through or denied, by the policies as they are now; a sentence where the row does not say whose it
 * is. Rows outlive their pods: for a pod that is gone its workload is asked about, where the row names it.
 */
export function flowVerdict(columns: readonly ResultColumn[], entry: Entry | undefined, isPod: IsPod): View | string {
  const cell = cellsByName(columns, entry);
  const [from, to] = [endOf(cell, 'Source', isPod), endOf(cell, 'Destination', isPod)];
  if (from === '' || to === '')
    return 'the row names no two ends: it takes source and destination, each with its namespace';
  const port = cell('Port');
  const protocol = cell('Protocol').toUpperCase() || 'TCP';
  return verdictView(from, to, /^\d+$/.test(port) && port !== '0' ? `${port}/${protocol}` : '');
}

/** The log of the pod that a row is about, from the cluster itself; undefined where it is about none. */
export function podOf(columns: readonly ResultColumn[], entry: Entry | undefined): View | undefined {
  const cell = cellsByName(columns, entry);
  const [namespace, pod] = [cell('PodNamespace'), cell('PodName')];
  return namespace === '' || pod === '' ? undefined : logView(namespace, pod, cell('ContainerName'));
}

function endOf(cell: (name: string) => string, side: 'Source' | 'Destination', isPod: IsPod): string {
  const [namespace, pod] = [cell(`${side}Namespace`), cell(`${side}PodName`)];
  const workload = NAMED.test(cell(side)) ? cell(side) : '';
  if (namespace !== '' && pod !== '')
    return isPod(namespace, pod) || ['', `${namespace}/${pod}`].includes(workload)
      ? `pod/${namespace}/${pod}`
      : workload;
  const together = cell(`${side}Pod`);
  return NAMED.test(together) ? together : workload;
}

const NAMED = /^[\w.-]+\/[\w.-]+$/;

function cellsByName(columns: readonly ResultColumn[], entry: Entry | undefined): (name: string) => string {
  return (name) => {
    const index = columns.findIndex((one) => one.name === name);
    return String(entry?.cells[index] ?? '');
  };
}
