// A second, plain listener next to the API server: what goes wrong and why is changed here, also while the API is down.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UserError } from '../errors.ts';
import type { RequestEntry } from './api/intercept.ts';
import type { ExecCounts } from './api/setting.ts';
import { azureState, changeAzure } from './azure/control-azure.ts';
import type { Azure } from './azure/start-azure.ts';
import { type ActiveFaults, readOrder } from './faults/active-faults.ts';
import type { Causes } from './world/causes.ts';

export type Controls = {
  /** The administrator's bearer token. */
  token: string;
  faults: ActiveFaults;
  requests(): readonly RequestEntry[];
  execs(): ExecCounts;
  azure: Azure;
  /** What a table of the workspace has taken in, in JSON lines. */
  rows(table: string): Iterable<string>;
  /** Absent where no world lives. */
  causes?: { now(): Causes; change(causes: Partial<Causes>): void };
};

const mostBytes = 1_000_000;

/** Listens on 127.0.0.1. `/faults` GET, POST, DELETE; `/requests` and `/execs` GET; `/causes` and `/azure` GET, POST; `/rows?table=` GET. */
export async function startControl(controls: Controls): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(controls, request, response).catch((problem: unknown) => {
      if (problem instanceof UserError) json(response, 400, { error: problem.message });
      else json(response, 500, { error: String(problem) });
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(controls: Controls, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== `Bearer ${controls.token}`) {
    return json(response, 401, { error: 'The bearer token of the context admin is needed.' });
  }
  const path = (request.url ?? '').split('?')[0];
  switch (`${request.method} ${path}`) {
    case 'GET /faults':
      return json(response, 200, { faults: controls.faults.orders() });
    case 'POST /faults':
      controls.faults.add(readOrder(await body(request)));
      return json(response, 200, { faults: controls.faults.orders() });
    case 'DELETE /faults':
      await controls.faults.clear();
      return json(response, 200, { faults: [] });
    case 'GET /requests':
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.end(
        [...controls.requests(), ...controls.azure.requests()]
          .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
          .map((entry) => `${JSON.stringify(entry)}\n`)
          .join(''),
      );
      return undefined;
    case 'GET /execs':
      return json(response, 200, controls.execs());
    case 'GET /causes':
      return json(response, 200, controls.causes?.now() ?? {});
    case 'POST /causes':
      if (controls.causes === undefined)
        throw new UserError('Nothing lives in this cluster.', 'Choose another scenario.');
      controls.causes.change(readCauses(await body(request), controls.causes.now()));
      return json(response, 200, controls.causes.now());
    case 'GET /rows': {
      const table = new URLSearchParams((request.url ?? '').split('?')[1]).get('table') ?? '';
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      await pipeline(Readable.from(controls.rows(table)), response);
      return undefined;
    }
    case 'GET /azure':
      return json(response, 200, azureState(controls.azure));
    case 'POST /azure':
      changeAzure(controls.azure, await body(request));
      return json(response, 200, azureState(controls.azure));
    default:
      return json(response, 404, { error: 'There are /faults, /requests, /execs, /causes, /azure and /rows.' });
  }
}

/** Only what is known as a cause, and of its kind: the world takes its causes at their word. */
function readCauses(value: unknown, known: Causes): Partial<Causes> {
  if (typeof value !== 'object' || value === null) throw new UserError('Causes are a JSON object.');
  for (const [name, given] of Object.entries(value)) {
    if (!(name in known))
      throw new UserError(`There is no cause "${name}".`, `Known: ${Object.keys(known).join(', ')}.`);
    const is = known[name as keyof Causes];
    const fits =
      is === undefined
        ? given === null || typeof given === 'object'
        : typeof given === typeof is && Array.isArray(given) === Array.isArray(is);
    if (!fits) throw new UserError(`The cause "${name}" does not take ${JSON.stringify(given)}.`);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => [name, given ?? undefined]),
  ) as Partial<Causes>;
}

async function body(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new UserError('The request is larger than 1 MB.');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new UserError('The request is no JSON.');
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}
