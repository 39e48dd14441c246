import type { Gathering } from '../aggregates/aggregate.ts';
import { kqlAggregates } from '../aggregates/kql-aggregates.ts';
import { lacking } from '../kql-error.ts';
import { type Expression, type Scope, scopeOf } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { Value } from '../values/value.ts';

/**
 * What `count()`, `Rate = 1.0 * sum(x) / count()` and `arg_max(t, *)` gather of a group's rows, and the values they give in
 * the order of the columns. An expression around aggregates is run over their results. `keys`: the columns grouped by.
 */
export function aggregation(
  items: readonly SyntaxNode[],
  scope: Scope,
  keys: readonly SyntaxNode[],
): { begin(): Gathering } {
  const begins: (() => Gathering)[] = [];
  const register = (call: SyntaxNode): number => begins.push(compiled(call, scope, keys)) - 1;
  // Per item: the results it takes as they are, or the expression over them.
  const takes = items.map((item) => {
    const call = unnamed(item);
    if (call.kind === 'FunctionCallExpression' && isAggregate(call)) return register(call);
    return query(item, scope, register);
  });
  return {
    begin() {
      const gatherings = begins.map((begin) => begin());
      return {
        add(row) {
          for (const gathering of gatherings) gathering.add(row);
        },
        values() {
          const results = gatherings.map((gathering) => gathering.values());
          const firsts = results.map((values) => values[0] ?? null);
          return takes.flatMap((take) =>
            typeof take === 'number' ? (results[take] as readonly Value[]) : [take.run(firsts)],
          );
        },
      };
    },
  };
}

function query(item: SyntaxNode, scope: Scope, register: (call: SyntaxNode) => number): Expression {
  const aggregate = (call: SyntaxNode): Expression | undefined => {
    if (!isAggregate(call)) return undefined;
    const slot = register(call);
    return { type: call.type ?? 'dynamic', run: (row) => row[slot] as Value, constant: false };
  };
  // Columns mean nothing outside of an aggregate.
  return scope.query.scalar(item, scopeOf(scope.query, scope.names, [], { aggregate }));
}

const unnamed = (item: SyntaxNode): SyntaxNode =>
  item.kind === 'SimpleNamedExpression' ||
  item.kind === 'CompoundNamedExpression' ||
  item.kind === 'ParenthesizedExpression'
    ? unnamed(item.part('Expression') as SyntaxNode)
    : item;

const nameOf = (call: SyntaxNode) => call.part('Name')?.name ?? '';
const isAggregate = (call: SyntaxNode) => Object.hasOwn(kqlAggregates, nameOf(call));

function compiled(call: SyntaxNode, scope: Scope, keys: readonly SyntaxNode[]): () => Gathering {
  const name = nameOf(call);
  const aggregate = kqlAggregates[name];
  if (!aggregate) throw lacking(`aggregate '${name}'`);
  const written = call.part('ArgumentList')?.items('Expressions') ?? [];
  const star = written.findIndex((argument) => argument.kind === 'StarExpression');
  const args = written
    .filter((argument) => argument.kind !== 'StarExpression')
    .map((argument) => scope.query.scalar(argument, scope));
  const rest = star < 0 ? [] : starred(call, scope, keys).slice(args.length);
  return aggregate({
    name,
    args: [...args, ...rest.map((column) => columnOf(column, scope))],
  });
}

// `*`: every column that is not grouped by, after what the arguments before it gave. A single one is no list to analysis.
function starred(call: SyntaxNode, scope: Scope, keys: readonly SyntaxNode[]): readonly string[] {
  if (call.columns) return call.columns.map(({ name }) => name);
  const grouped = new Set(keys.map(({ name }) => name));
  return scope.columns.map(({ name }) => name).filter((name) => !grouped.has(name));
}

function columnOf(name: string, scope: Scope): Expression {
  const slot = scope.slots.get(name);
  const column = slot === undefined ? undefined : scope.columns[slot - 1];
  if (slot === undefined || !column) throw lacking(`'*' with '${name}'`);
  return { type: column.type, run: (row) => row[slot] as Value, constant: false };
}
