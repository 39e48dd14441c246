import type { Exchange } from './exchange.ts';

export async function answerOpenApi(_exchange: Exchange): Promise<boolean> {
  return false;
}
