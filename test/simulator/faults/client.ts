// A plain HTTPS client that tells what arrived and how it ended.
import { request } from 'node:https';

export type Reply = {
  /** 0: no answer. */
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  end: 'clean' | 'reset' | 'refused' | 'untrusted' | 'open';
};

/** `limitMs`: what is still open then is told as open. */
export function ask(
  url: string,
  options: {
    ca: string;
    token?: string;
    method?: string;
    body?: unknown;
    limitMs?: number;
    headers?: Record<string, string>;
  },
): Promise<Reply> {
  return new Promise((resolve) => {
    const reply: Reply = { status: 0, headers: {}, body: '', end: 'open' };
    const finish = (end: Reply['end']) => {
      reply.end = end;
      clearTimeout(timer);
      asked.destroy();
      resolve(reply);
    };
    const headers = {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      'content-type': 'application/json',
      ...options.headers,
    };
    const asked = request(
      url,
      { method: options.method ?? 'GET', ca: options.ca, agent: false, headers },
      (response) => {
        reply.status = response.statusCode ?? 0;
        reply.headers = response.headers;
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          reply.body += text;
        });
        response.on('end', () => finish(response.complete ? 'clean' : 'reset'));
        response.on('error', () => finish('reset'));
      },
    );
    asked.on('error', (problem: NodeJS.ErrnoException) => {
      if (problem.code === 'ECONNREFUSED') finish('refused');
      else finish(/CERT|SELF_SIGNED|ALTNAME|SIGNATURE/.test(problem.code ?? '') ? 'untrusted' : 'reset');
    });
    const timer = setTimeout(() => finish('open'), options.limitMs ?? 30_000);
    asked.end(options.body === undefined ? undefined : JSON.stringify(options.body));
  });
}
