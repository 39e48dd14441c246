import type { AskedPort } from '../../model/policies/asked-ports.ts';
import type { Reach } from '../../model/policies/reach.ts';
import { tableText } from './table-text.ts';
import { decidedJson } from './verdict-json.ts';

/** A row as `--json` prints it. Port 0 stands for every port that no policy names. */
export function reachJson({ kind, namespace, name, pods, port, verdict, egress, ingress }: Reach) {
  const decided = (['egress', 'ingress'] as const).flatMap((direction) =>
    decidedJson(direction === 'egress' ? egress : ingress).map((one) => ({ direction, ...one })),
  );
  const doubts = [...egress.doubts, ...ingress.doubts];
  return {
    kind,
    ...(namespace === '' ? {} : { namespace }),
    name,
    pods,
    port: port.other ? 0 : port.port,
    protocol: port.protocol,
    verdict,
    decidedBy: decided,
    ...(doubts.length === 0 ? {} : { notes: doubts }),
  };
}

export function reachTable(rows: readonly Reach[]): string {
  if (rows.length === 0) return 'nobody\n';
  const lines = rows.map((row) => {
    const { namespace, name, kind, pods, verdict, decidedBy, notes = [] } = reachJson(row);
    const by = decidedBy.map((one) => {
      const where = one.namespace === undefined ? one.name : `${one.namespace}/${one.name}`;
      return `${one.direction} ${one.kind} ${where}${one.rule === undefined ? '' : ` ${one.rule}`}`;
    });
    const end = namespace === undefined ? name : `${namespace}/${name}`;
    const why = by.length > 0 ? by.join(', ') : notes.length > 0 ? notes.join('; ') : reasonText(row);
    return [verdict, end, kind, pods === 0 ? '–' : String(pods), portText(row.port), why];
  });
  return tableText([['VERDICT', 'WHO', 'KIND', 'PODS', 'PORT', 'DECIDED BY'], ...lines]);
}

function reasonText({ ingress }: Reach): string {
  return ingress.reason === 'local-host' ? 'a pod’s own node always may' : 'no policy isolates';
}

/** `8080/TCP`; `*` for every port that no policy names. */
export function portText({ port, protocol, other }: AskedPort): string {
  return `${other ? '*' : port}/${protocol}`;
}
