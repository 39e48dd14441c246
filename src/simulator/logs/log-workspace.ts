// The Log Analytics workspace of the simulated cluster: which tables it has follows from Azure's settings, what is in
// them from the world. Nothing is written before somebody reads.
import { type AzureSettings, azurePlace, clusterId } from '../azure/azure-settings.ts';
import type { Database, DatabaseTable, TableRow } from '../kql/database.ts';
import { chanceBetween } from '../voices/chance.ts';
import { columnsOf, type TableColumn, type TableName } from './columns.ts';
import { hostileTables, spoil } from './hostile.ts';
import { followIngestion } from './ingestion.ts';
import type { LiveTroubles } from './log-troubles.ts';
import type { Observed } from './observed.ts';
import { datetimeText, type Writer } from './row.ts';
import { createTakenIn, ingestionTime, type TakenIn, type TakenRow } from './taken-in.ts';
import { writeActivity } from './writers/activity.ts';
import { writeAudit } from './writers/audit.ts';
import { writeContainerLogs } from './writers/container-logs.ts';
import { writeControlPlane } from './writers/control-plane.ts';
import { writeEvents } from './writers/events.ts';
import { writeFlows } from './writers/flows.ts';
import { writeHealth } from './writers/health.ts';
import { writeNodeInventory, writePodInventory } from './writers/inventory.ts';

export type LogTable = { name: string; plan: DatabaseTable['plan']; columns: readonly TableColumn[] };

export type LogWorkspace = {
  /** Those of the present settings. */
  tables(): readonly LogTable[];
  /** As it is now; only rows whose TimeGenerated lies in the range, where one is given (milliseconds, both included). */
  database(range?: { from: number; to: number }): Database;
};

const dayMs = 86_400_000;
/** Rows of one table, at most; the past is told of only as far back as so many reach. */
const mostRows = 60_000;
const pastRows = 40_000;

type Source = { tables: readonly TableName[]; write: Writer; until: number | undefined };

export function createLogWorkspace(observed: Observed, troubles: LiveTroubles): LogWorkspace {
  const { scene, settings } = observed;
  const { now } = scene;
  const sources = sourcesOf(observed);
  const taken = new Map<TableName, TakenIn>();
  const ingestion = followIngestion(observed, troubles);
  let known = new Set<TableName>(tableNames(settings.now()));

  const takenOf = (table: TableName): TakenIn => {
    const one = taken.get(table) ?? createTakenIn(mostRows);
    taken.set(table, one);
    return one;
  };
  const advance = (source: Source) => {
    const to = now();
    const from = source.until ?? to - dayMs;
    if (to <= from) return;
    source.until = to;
    const { delay } = settings.now();
    const written = Map.groupBy(source.write(from, to, pastRows), ({ table }) => table);
    for (const [table, rows] of written) {
      const by = rows[0]?.by ?? 'agent';
      const way = { ...ingestion.way(table, by), delay: delay[by] };
      takenOf(table).send(rows, way);
    }
  };
  const rowsOf = (name: TableName): readonly TakenRow[] => {
    for (const source of sources) if (source.tables.includes(name)) advance(source);
    const table = takenOf(name);
    table.take(now());
    return table.rows;
  };
  /** What came to pass so far is told by the settings that were in force. */
  const settle = () => {
    for (const source of sources) if (source.until !== undefined) advance(source);
  };
  settings.listen({
    before: settle,
    /** What is newly set up has no past. */
    after() {
      const names = tableNames(settings.now());
      const fresh = names.filter((name) => !known.has(name));
      for (const source of sources) if (source.tables.some((table) => fresh.includes(table))) source.until = now();
      known = new Set(names);
    },
  });

  const described = () => {
    const { flowLogs } = settings.now();
    return tableNames(settings.now()).map((name) => ({ name, plan: planOf(name, flowLogs), columns: columnsOf(name) }));
  };

  return {
    tables: described,
    database(range) {
      const { hostile } = troubles.now();
      const own = described().map((table): DatabaseTable => {
        let read: readonly TableRow[] | undefined;
        const isMeant = ({ written: { at } }: TakenRow) =>
          range === undefined || (at >= Math.floor(range.from) && at <= range.to);
        return {
          ...table,
          rows() {
            read ??= rowsOf(table.name)
              .filter(isMeant)
              .map((row) => tableRow(row, hostile ? table.columns : undefined));
            return read;
          },
        };
      });
      return { tables: hostile ? [...own, ...hostileTables(now())] : own };
    },
  };
}

function sourcesOf(observed: Observed): Source[] {
  const source = (write: Writer, ...tables: TableName[]): Source => ({ tables, write, until: undefined });
  return [
    source(writeFlows(observed), 'ContainerNetworkLogs', 'RetinaNetworkFlowLogs'),
    source(writeContainerLogs(observed), 'ContainerLogV2'),
    source(writePodInventory(observed), 'KubePodInventory'),
    source(writeNodeInventory(observed), 'KubeNodeInventory'),
    source(writeEvents(observed), 'KubeEvents'),
    source(writeAudit(observed), 'AKSAudit', 'AKSAuditAdmin', 'AzureDiagnostics'),
    source(writeControlPlane(observed), 'AKSControlPlane'),
    source(writeActivity(observed), 'AzureActivity'),
    source(writeHealth(observed), 'Heartbeat', 'InsightsMetrics', 'KubeMonAgentEvents', 'Operation', 'Usage'),
  ];
}

function tableNames({ audit, flowLogs, monitoring }: AzureSettings): TableName[] {
  return [
    ...(monitoring && flowLogs !== 'none'
      ? [flowLogs === 'older-name' ? ('RetinaNetworkFlowLogs' as const) : ('ContainerNetworkLogs' as const)]
      : []),
    ...(monitoring
      ? ([
          'ContainerLogV2',
          'KubePodInventory',
          'KubeEvents',
          'KubeNodeInventory',
          'InsightsMetrics',
          'Heartbeat',
          'KubeMonAgentEvents',
        ] as const)
      : []),
    ...(audit === 'dedicated' ? (['AKSAudit', 'AKSAuditAdmin', 'AKSControlPlane'] as const) : []),
    ...(audit === 'legacy' ? (['AzureDiagnostics'] as const) : []),
    'AzureActivity',
    'Operation',
    'Usage',
  ];
}

function planOf(name: TableName, flowLogs: string): DatabaseTable['plan'] {
  return name === 'ContainerNetworkLogs' && flowLogs === 'basic' ? 'Basic' : 'Analytics';
}

/** `spoiled`: the table's columns, where somebody means harm. */
function tableRow(row: TakenRow, spoiled: readonly TableColumn[] | undefined): TableRow {
  const { at, key, table, values } = row.written;
  const own = spoiled === undefined ? values() : spoil(values(), spoiled, key);
  return {
    ingested: ingestionTime(row),
    values: {
      TimeGenerated: datetimeText(at, chanceBetween(`${key} at`, 0, 9_999)),
      TenantId: azurePlace.workspaceGuid,
      SourceSystem: 'Azure',
      Type: table,
      _ResourceId: clusterId().toLowerCase(),
      ...own,
      _SubscriptionId: azurePlace.subscription,
      _IsBillable: 'True',
      _BilledSize: Object.keys(own).length * 20,
    },
  };
}
