import type { KqlAnalysis, KqlCompletions } from '../model/azure/azure-asks.ts';
import type { KqlTable } from './kql-language.ts';

/** What crosses to the thread that knows KQL, and back: one answer for each question, in their order. */
export type ToKql =
  | { id: number; type: 'schema'; tables: readonly KqlTable[] }
  | { id: number; type: 'analyse'; text: string }
  | { id: number; type: 'complete'; text: string; offset: number };

export type FromKql =
  | { id: number; type: 'done' }
  | { id: number; type: 'analysis'; analysis: KqlAnalysis }
  | { id: number; type: 'completions'; completions: KqlCompletions }
  | { id: number; type: 'failed'; problem: string };
