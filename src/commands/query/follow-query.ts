import type { ResultColumn } from '../../model/azure/log-query.ts';
import { jsonRow } from '../../model/azure/write-result.ts';
import type { QueryRun } from './query-options.ts';
import { rowsText } from './rows-text.ts';
import { write } from './write.ts';

/** Each new row as a line of JSON, until ctrl-c, which is its proper end. What happens besides goes to stderr. */
export async function followQuery({ asked, wanted, logs, terminal, say, signal }: QueryRun): Promise<number> {
  const { stdout } = terminal;
  let columns: readonly ResultColumn[] = [];
  let lag = '';
  const tail = { ...asked.query, ...wanted, everyMs: 10_000, rowId: asked.rowId };
  for await (const events of logs.asks.tail(tail, signal))
    for (const event of events) {
      if (event.type === 'columns') columns = event.columns;
      else if (event.type === 'rows') {
        await write(
          stdout,
          event.rows.map((row) => `${jsonRow(columns, row)}\n`),
        );
        if (event.late) say(`Late, older than others before: ${rowsText(event.late)}.`);
        if (event.duplicates) say(`Left out, because the workspace holds it twice: ${rowsText(event.duplicates)}.`);
      } else if (event.type === 'remark') say(event.text);
      else if (event.type === 'partial') say(`Only a part came: ${event.message}`);
      else if (event.type === 'gap')
        say(
          `Rows may be missing from ${new Date(event.from).toISOString()} to ${new Date(event.to).toISOString()}: ${event.text}`,
        );
      else if (event.type === 'waiting' && event.why !== '')
        say(`${event.why} Asking again in ${Math.max(1, Math.round((event.until - Date.now()) / 1_000))} s.`);
      else if (event.type === 'lag') {
        const text = `Rows come ${seconds(event.p50)} after the event, 95 in a hundred within ${seconds(event.p95)}.`;
        if (text !== lag) say(text);
        lag = text;
      }
    }
  return 0;
}

/** Coarse enough that it is said again only when it is another. */
function seconds(ms: number): string {
  const exact = ms / 1_000;
  const step = exact < 20 ? 5 : exact < 120 ? 15 : 60;
  return `${Math.max(step, Math.round(exact / step) * step)} s`;
}
