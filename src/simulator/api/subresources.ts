import type { Way } from './answer.ts';
import { type Exchange, methodNotAllowed } from './exchange.ts';
import type { View } from './view.ts';

export async function answerSubresource(_exchange: Exchange, _view: View, _way: Way): Promise<void> {
  throw methodNotAllowed();
}
