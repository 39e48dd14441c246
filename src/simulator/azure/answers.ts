import type { AzureAnswer } from './route.ts';

export function answerJson(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): AzureAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** An error as ARM, and in its outer shape Log Analytics, words it. */
export function answerError(
  status: number,
  code: string,
  message: string,
  more: { headers?: Readonly<Record<string, string>>; innererror?: unknown } = {},
): AzureAnswer {
  const { headers, innererror } = more;
  return answerJson(
    status,
    { error: { code, message, ...(innererror === undefined ? {} : { innererror }) } },
    headers ?? {},
  );
}
