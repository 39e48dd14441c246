import { ApiError } from '../api-error.ts';
import type { KubeObject } from '../cluster.ts';
import { answerText, type Exchange } from './exchange.ts';

/** pods/NAME:PORT/proxy/metrics: whatever the pod serves there. Throws ApiError (503) where nothing listens, as the server's dialler does. */
export async function answerProxy(exchange: Exchange, pod: KubeObject, port: number): Promise<void> {
  const path = exchange.request.subresource.slice('proxy'.length) || '/';
  const text = exchange.cluster.metrics(pod, port);
  if (text === undefined) {
    const address = (pod['status'] as { podIP?: string } | undefined)?.podIP ?? '';
    if (address === '') throw new ApiError(400, 'BadRequest', 'address not allowed');
    const message = `error trying to reach service: dial tcp ${address}:${port}: connect: connection refused`;
    throw new ApiError(503, 'ServiceUnavailable', message, {});
  }
  if (path !== '/metrics') await answerText(exchange, 404, '404 page not found\n');
  else await answerText(exchange, 200, text, 'text/plain; version=0.0.4; charset=utf-8');
}
