import { lacking } from '../kql-error.ts';
import { isExpression, isRelation, type Names, type Query, type Relation, scopeOf } from '../rows.ts';
import { ownTable } from '../scalars/own-call.ts';
import type { SyntaxNode } from '../syntax.ts';
import { count, distinct, getSchema } from './count.ts';
import { filter } from './filter.ts';
import { join, lookup } from './join.ts';
import { makeSeries } from './make-series.ts';
import { mvExpand } from './mv-expand.ts';
import type { Operator } from './operator.ts';
import { parse, parseWhere } from './parse.ts';
import { extend, print, project } from './project.ts';
import { projectAway, projectRename } from './project-names.ts';
import { render } from './render.ts';
import { search } from './search.ts';
import { sort, take, top } from './sort.ts';
import { dataTable, range } from './sources.ts';
import { summarize } from './summarize.ts';
import { tableNamed } from './table-named.ts';
import { union } from './union.ts';

/** A table, a pipe, or one operator of it. Rows are computed when they are asked for. Throws KqlError for what is not evaluated. */
export function compileTabular(node: SyntaxNode, names: Names, query: Query, input?: Relation): Relation {
  const read = Object.hasOwn(operators, node.kind) ? operators[node.kind] : undefined;
  if (read) return read(node, input, query, names);
  throw lacking(/^[\w-]+$/.test(firstWord(node)) ? `operator '${firstWord(node)}'` : `'${node.text}'`);
}

const firstWord = (node: SyntaxNode) => /^\s*(\S+)/.exec(node.text)?.[1] ?? '';
const part = (node: SyntaxNode, name: string) => node.part(name) as SyntaxNode;
const inner: Operator = (node, _input, query, names) => compileTabular(part(node, 'Expression'), names, query);
const same: Operator = (_node, input) => input as Relation;

const operators: Readonly<Record<string, Operator>> = {
  PipeExpression: (node, _input, query, names) => {
    const left = compileTabular(part(node, 'Expression'), names, query);
    return compileTabular(part(node, 'Operator'), names, query, left);
  },
  ParenthesizedExpression: inner,
  ToTableExpression: inner,
  MaterializeExpression: (node, input, query, names) => kept(inner(node, input, query, names)),
  NameReference: named,
  FunctionCallExpression: called,
  DataTableExpression: dataTable,
  RangeOperator: range,
  PrintOperator: print,
  UnionOperator: union,
  SearchOperator: search,
  FilterOperator: filter,
  ProjectOperator: project,
  ExtendOperator: extend,
  SerializeOperator: extend,
  ProjectAwayOperator: projectAway,
  ProjectKeepOperator: projectAway,
  ProjectReorderOperator: projectAway,
  ProjectRenameOperator: projectRename,
  SummarizeOperator: summarize,
  MakeSeriesOperator: makeSeries,
  DistinctOperator: distinct,
  CountOperator: count,
  GetSchemaOperator: getSchema,
  SortOperator: sort,
  TopOperator: top,
  TakeOperator: take,
  JoinOperator: join,
  LookupOperator: lookup,
  MvExpandOperator: mvExpand,
  ParseOperator: parse,
  ParseWhereOperator: parseWhere,
  RenderOperator: render,
  AsOperator: same,
};

function named(node: SyntaxNode, _input: Relation | undefined, query: Query, names: Names): Relation {
  const known = names.get(node.name);
  if (isRelation(known)) return known;
  if (known && !isExpression(known)) return ownTable(node, known, scopeOf(query, names, []));
  return tableNamed(node.name, query);
}

// Functions of the query's own, and `table('T')`.
function called(node: SyntaxNode, _input: Relation | undefined, query: Query, names: Names): Relation {
  const name = part(node, 'Name').name;
  const known = names.get(name);
  if (known && !isRelation(known) && !isExpression(known)) return ownTable(node, known, scopeOf(query, names, []));
  const [argument] = part(node, 'ArgumentList').items('Expressions');
  if (name !== 'table' || !argument) throw lacking(`function '${name}'`);
  return tableNamed(String(query.scalar(argument, scopeOf(query, names, [])).run([])), query);
}

function kept(relation: Relation): Relation {
  let rows: ReturnType<Relation['rows']> | undefined;
  return { ...relation, rows: () => (rows ??= [...relation.rows()]) };
}
