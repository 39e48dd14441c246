import type { AzureAnswer } from '../azure/route.ts';

/** An error as Log Analytics words it. */
export function refusal(status: number, code: string, message: string, innererror?: object): AzureAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ error: { message, code, ...(innererror === undefined ? {} : { innererror }) } }),
  };
}

export function throttled(seconds: number): AzureAnswer {
  const answer = refusal(429, 'ThrottledError', 'The request was throttled: too many requests. Please retry later.');
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(seconds) } };
}

/** A table on the Basic plan was asked of /query. */
export function basicRefused(): AzureAnswer {
  return unsupported(
    "Query of Basic Logs table is not supported with the API 'https://api.loganalytics.io/v1/workspaces/{workspaceId}/query'.\nYou can use 'https://api.loganalytics.io/v1/workspaces/{workspaceId}/search' instead.\nTo learn more on queries on Basic Logs table, read here: https://aka.ms/basicLogsQueryAPI.",
  );
}

/** What /search does not take. */
export function searchRefused(operator: string | undefined): AzureAnswer {
  return unsupported(
    operator === undefined
      ? 'The query should contain a single Basic or Auxiliary Logs table. The query should contain up to five Analytics Logs tables.'
      : `The operator '${operator}' is not supported in queries on Basic or Auxiliary Logs tables. To learn more on queries on Basic Logs table, read here: https://aka.ms/basicLogsQueryAPI.`,
  );
}

function unsupported(message: string): AzureAnswer {
  return refusal(400, 'BadArgumentError', 'The request had some invalid properties', {
    code: 'UnsupportedApiQueryValidationError',
    message,
  });
}
