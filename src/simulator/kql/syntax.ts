import type { KqlType } from './database.ts';

export type Column = { readonly name: string; readonly type: KqlType };

/** A node of the parser's tree with what analysis found out about it, in our own words. */
export type SyntaxNode = {
  /** `FilterOperator`, `EqualExpression`, `NameReference`, … */
  readonly kind: string;
  /** As written, without the space around it. */
  readonly text: string;
  /** Of names and declarations: the name itself, without brackets and quotes. */
  readonly name: string;
  /** The name that its column gets where it becomes one: given, or taken from what it is about; '' where one is made up. */
  readonly resultName: string;
  readonly start: number;
  /** What the expression gives; undefined for what is no scalar. */
  readonly type: KqlType | undefined;
  /** Of what gives a table or several values: its columns. */
  readonly columns: readonly Column[] | undefined;
  /** What a name stands for: `ColumnSymbol`, `TableSymbol`, `VariableSymbol`, …; '' for nothing known. */
  readonly symbol: string;
  /** The names behind a wildcard. */
  readonly members: readonly string[];
  part(name: string): SyntaxNode | undefined;
  /** Of a list: its elements, without what separates them. */
  items(name: string): readonly SyntaxNode[];
  children(): readonly SyntaxNode[];
  /** Of a call of the query's own function: its body, analysed with the arguments of this call. */
  calledBody(): SyntaxNode | undefined;
};

export const kqlTypes: readonly KqlType[] = [
  'string',
  'int',
  'long',
  'real',
  'decimal',
  'bool',
  'datetime',
  'timespan',
  'guid',
  'dynamic',
];

/** `foreign`: a node of the language service; `kusto`: the service as it was loaded. */
// biome-ignore lint/suspicious/noExplicitAny: this file is where the transpiled library's missing types end
export function readSyntax(foreign: any, kusto: { Kusto: any; Bridge: any }): SyntaxNode {
  const { Kusto, Bridge } = kusto;
  const kinds = new Map<number, string>();
  for (const [name, number] of Object.entries(Kusto.Language.Syntax.SyntaxKind))
    if (typeof number === 'number') kinds.set(number, name);

  // biome-ignore lint/suspicious/noExplicitAny: as above
  const children = (node: any): any[] => {
    const found = [];
    for (let i = 0; i < node.ChildCount; i++) {
      const child = node.GetChild(i);
      if (child) found.push(kinds.get(child.Kind) === 'SeparatedElement' ? child.GetChild(0) : child);
    }
    return found;
  };
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const symbolOf = (symbol: any): string => (symbol ? String(Bridge.getTypeName(symbol).split('.').at(-1)) : '');

  // biome-ignore lint/suspicious/noExplicitAny: as above
  const read = (node: any): SyntaxNode => ({
    kind: kinds.get(node.Kind) ?? '',
    get text() {
      return String(node.Text ?? node.ToString(Kusto.Language.Syntax.IncludeTrivia.Interior));
    },
    get name() {
      return String(node.SimpleName ?? node.ReferencedSymbol?.Name ?? '');
    },
    get resultName() {
      return String(Kusto.Language.Binding.Binder.GetExpressionResultName(node, null, null) ?? '');
    },
    start: node.TextStart,
    get type() {
      return scalarType(symbolOf(node.ResultType), node.ResultType?.Name);
    },
    get columns() {
      const columns = node.ResultType?.Columns;
      if (!columns) return undefined;
      // biome-ignore lint/suspicious/noExplicitAny: as above
      return Bridge.toArray(columns).map((column: any) => ({
        name: column.Name,
        type: scalarType(symbolOf(column.Type), column.Type?.Name) ?? 'dynamic',
      }));
    },
    get symbol() {
      return symbolOf(node.ReferencedSymbol);
    },
    get members() {
      const symbol = node.ReferencedSymbol;
      if (symbolOf(symbol) === 'TableSymbol' && String(node.SimpleName).includes('*')) return [String(symbol.Name)];
      const members = symbolOf(symbol) === 'GroupSymbol' ? symbol.Members : undefined;
      // biome-ignore lint/suspicious/noExplicitAny: as above
      return members ? Bridge.toArray(members).map((member: any) => String(member.Name)) : [];
    },
    part: (name) => (node[name] ? read(node[name]) : undefined),
    items: (name) => (node[name] ? children(node[name]).map(read) : []),
    children: () => children(node).map(read),
    calledBody: () => {
      const body = node.GetCalledFunctionBody?.();
      return body ? read(body) : undefined;
    },
  });
  return read(foreign);
}

function scalarType(symbol: string, name: unknown): KqlType | undefined {
  if (symbol.startsWith('Dynamic')) return 'dynamic';
  return kqlTypes.find((type) => type === name);
}
