// The query API of Log Analytics on the wire (domain §8.4): /query for what is on the Analytics plan, /search for the rest.
import { azurePlace, clusterId, workspaceId } from '../azure/azure-settings.ts';
import type { AzureAnswer, AzureRequest, Route } from '../azure/route.ts';
import { type Asked, answerQuery, type Evaluate } from './answer-query.ts';
import type { LiveTroubles } from './log-troubles.ts';
import type { LogWorkspace } from './log-workspace.ts';
import { refusal, throttled } from './refusals.ts';
import { createRequestLimits, type Endpoint } from './request-limits.ts';
import { readTimespan } from './timespan.ts';

export type LogService = {
  /** Undefined: there is a workspace, and nothing has ever been written into it. */
  workspace: LogWorkspace | undefined;
  troubles: LiveTroubles;
  evaluate: Evaluate;
  /** Of the world. */
  now(): number;
};

/** Characters of a query; more is refused before it is read. */
const largestBody = 1_000_000;

export function createLogRoute(service: LogService): Route {
  const limits = createRequestLimits(service.now);
  return async (request) => {
    const place = placeOf(request.path);
    if (place === undefined) return undefined;
    if (!place.known) return refusal(404, 'PathNotFoundError', 'The requested path does not exist');
    if (request.body.length > largestBody) {
      return refusal(413, 'RequestEntityTooLarge', 'The request body is too large');
    }
    if (service.troubles.strikes('throttled')) return throttled(20);
    const entered = await limits.enter(request.caller, place.endpoint, request.signal);
    if ('refused' in entered) return throttled(entered.refused);
    request.signal.addEventListener('abort', entered.leave, { once: true });
    try {
      return leaving(await answerPlace(service, place.endpoint, request), entered.leave);
    } catch (problem) {
      entered.leave();
      throw problem;
    }
  };
}

/** The place is given up when the last piece of the answer has been read. */
function leaving(answer: AzureAnswer, leave: () => void): AzureAnswer {
  const { body } = answer;
  if (body === undefined || typeof body === 'string') {
    leave();
    return answer;
  }
  async function* whole(pieces: AsyncIterable<string>) {
    try {
      yield* pieces;
    } finally {
      leave();
    }
  }
  return { ...answer, body: whole(body) };
}

async function answerPlace(service: LogService, endpoint: Endpoint, request: AzureRequest): Promise<AzureAnswer> {
  const asked = readAsked(service, endpoint, request);
  if ('status' in asked) return asked;
  const { workspace } = service;
  if (workspace === undefined) return { status: 204 };
  if (service.troubles.strikes('timedOut')) {
    return refusal(504, 'GatewayTimeout', 'Gateway timeout', {
      code: 'GatewayTimeout',
      message: 'Unable to unzip response: the query took longer than the time that was allowed for it',
    });
  }
  return answerQuery(workspace, service, asked);
}

type Place = { known: boolean; endpoint: Endpoint };

function placeOf(path: string): Place | undefined {
  const found = /^\/v1\/workspaces\/([^/]+)\/(query|search)$/i.exec(path);
  if (found !== null) {
    const known = found[1]?.toLowerCase() === azurePlace.workspaceGuid;
    return { known, endpoint: found[2]?.toLowerCase() as Endpoint };
  }
  const resource = /^\/v1(\/subscriptions\/.+)\/query$/i.exec(path);
  if (resource === null) return /^\/v1(\/|$)/.test(path) ? { known: false, endpoint: 'query' } : undefined;
  const known = [clusterId(), workspaceId()].some((id) => id.toLowerCase() === resource[1]?.toLowerCase());
  return { known, endpoint: 'query' };
}

function readAsked(service: LogService, endpoint: Endpoint, request: AzureRequest): Asked | AzureAnswer {
  const { headers, method, query } = request;
  const given = method === 'GET' ? Object.fromEntries(query) : readBody(request.body);
  if (given === undefined || typeof given['query'] !== 'string' || given['query'].trim() === '') {
    return refusal(400, 'BadArgumentError', 'The request had some invalid properties', {
      code: 'NullOrEmptyArgumentError',
      message: 'The query parameter is missing or empty',
    });
  }
  const others = Array.isArray(given['workspaces']) ? given['workspaces'] : [];
  const stranger = others.find((one) => !isOurs(String(one)));
  if (stranger !== undefined) return refusal(404, 'PathNotFoundError', 'The requested path does not exist');
  // A search takes its time range from the address alone.
  const text = endpoint === 'search' ? query.get('timespan') : (given['timespan'] ?? query.get('timespan'));
  const timespan = text === null || text === undefined ? undefined : readTimespan(String(text), service.now());
  if (text !== null && text !== undefined && timespan === undefined) {
    return refusal(400, 'BadArgumentError', 'The request had some invalid properties', {
      code: 'InvalidTimespan',
      message: `The timespan '${String(text)}' is not a valid ISO 8601 time period`,
    });
  }
  const prefer = new Map(
    String(headers['prefer'] ?? '')
      .split(',')
      .map((one) => one.trim().split('=') as [string, string]),
  );
  return {
    endpoint,
    text: given['query'],
    timespan,
    statistics: prefer.get('include-statistics') === 'true',
    render: prefer.get('include-render') === 'true',
    waitSeconds: Math.min(600, Math.max(1, Number(prefer.get('wait') ?? 180) || 180)),
  };
}

function isOurs(workspace: string): boolean {
  const { workspaceGuid, workspaceName } = azurePlace;
  return [workspaceGuid, workspaceName, workspaceId()].some((one) => one.toLowerCase() === workspace.toLowerCase());
}

function readBody(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
