// The third root: Microsoft's language service for KQL on a thread of its own, because an answer takes it up to a
// hundred milliseconds and its first one more than a second.
import { parentPort } from 'node:worker_threads';
import { createKqlLanguage } from './kusto/kql-language.ts';
import type { FromKql, ToKql } from './kusto/kql-messages.ts';

if (parentPort !== null) answer(parentPort);

function answer(port: NonNullable<typeof parentPort>): void {
  const language = createKqlLanguage();
  const reply = (message: FromKql) => port.postMessage(message);
  port.on('message', (message: ToKql) => {
    const { id } = message;
    try {
      if (message.type === 'schema') {
        language.schema(message.tables);
        reply({ id, type: 'done' });
      } else if (message.type === 'analyse') {
        reply({ id, type: 'analysis', analysis: language.analyse(message.text) });
      } else {
        reply({ id, type: 'completions', completions: language.complete(message.text, message.offset) });
      }
    } catch (error) {
      // The library throws on some half-written texts: that one text has no answer, the next one has.
      reply({ id, type: 'failed', problem: error instanceof Error ? error.message : String(error) });
    }
  });
}
