import { createRequire } from 'node:module';

/**
 * Microsoft's Kusto language service: parser, analysis, completion. Half a second to load and 100 MB to have: only in a
 * thread or process that can bear it. Its package neither loads its own runtime nor describes its types well; `any` ends
 * with whoever calls it. For "no cancellation" pass `undefined`: `null` makes every call answer with an empty list.
 */
// biome-ignore lint/suspicious/noExplicitAny: a transpiled library without usable types
export function loadKusto(): { Kusto: any; Bridge: any } {
  const require = createRequire(import.meta.url);
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  // biome-ignore lint/suspicious/noExplicitAny: they install themselves as globals
  const { Kusto, Bridge } = globalThis as any;
  return { Kusto, Bridge };
}
