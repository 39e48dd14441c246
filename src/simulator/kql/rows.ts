import type { Database, KqlType } from './database.ts';
import type { Column, SyntaxNode } from './syntax.ts';
import type { Value } from './values/value.ts';

/** The time of ingestion (ticks; null where an operator lost it), then a value a column. */
export type Row = readonly Value[];

export type Evaluate = (row: Row) => Value;

/** Compiled once, run for each row. `constant`: the same for every row, and already computed. */
export type Expression = { readonly type: KqlType; readonly run: Evaluate; readonly constant: boolean };

export type Relation = {
  readonly columns: readonly Column[];
  /** Computed as far as they are asked for, and again with each call. */
  rows(): Iterable<Row>;
  /** Of a table as it is: its name. */
  readonly table?: string;
  readonly render?: Render;
};

/** `render` does nothing to rows: what it says is answered beside them, in the service's own words. */
export type Render = Readonly<Record<string, unknown>> & { readonly visualization: string };

/** What `let` and parameters gave names to. */
export type Names = ReadonlyMap<string, Expression | Relation | OwnFunction>;
export type OwnFunction = { readonly declaration: SyntaxNode; readonly names: Names };

/** What does not change while a query is compiled. */
export type Query = {
  readonly database: Database;
  /** Ticks. */
  readonly now: bigint;
  /** Ticks, both ends included: applied to TimeGenerated of every table that has it. */
  readonly timespan?: readonly [from: bigint, to: bigint];
  tabular(node: SyntaxNode, names: Names, input?: Relation): Relation;
  scalar(node: SyntaxNode, scope: Scope): Expression;
};

/** What a scalar expression sees. */
export type Scope = {
  readonly query: Query;
  readonly names: Names;
  readonly columns: readonly Column[];
  /** Slot of a row by the column's name. */
  readonly slots: ReadonlyMap<string, number>;
  /** Of a summarize: what is aggregated is added here and read from its slot. */
  readonly aggregate?: (call: SyntaxNode) => Expression | undefined;
  /** Rows in order, for row_number() and its like. */
  readonly window?: Window;
};

/** The rows of an operator and the one it is at; `used` as soon as an expression looks at it. */
export type Window = { rows: readonly Row[]; at: number; used: boolean };

export function scopeOf(query: Query, names: Names, columns: readonly Column[], more?: Partial<Scope>): Scope {
  return { query, names, columns, slots: new Map(columns.map((column, index) => [column.name, index + 1])), ...more };
}

export const constant = (type: KqlType, value: Value): Expression => ({ type, run: () => value, constant: true });

export function isRelation(named: Expression | Relation | OwnFunction | undefined): named is Relation {
  return named !== undefined && 'rows' in named;
}

export function isExpression(named: Expression | Relation | OwnFunction | undefined): named is Expression {
  return named !== undefined && 'run' in named;
}

/** For what is the same for all rows. */
export const noRow: Row = [null];
