import { loadKusto } from '../../kusto/load-kusto.ts';
import type { Database } from './database.ts';
import { type KqlError, semanticError, syntaxError } from './kql-error.ts';
import { readSyntax, type SyntaxNode } from './syntax.ts';

/**
 * The tree of a query over these tables, every name and type of it resolved by Microsoft's own parser. Throws KqlError for
 * what that refuses, in the words of Log Analytics where they are known.
 */
export function analyse(text: string, database: Database): SyntaxNode {
  const kusto = loadKusto();
  const { Bridge } = kusto;
  const language = kusto.Kusto.Language;
  const globals = language.GlobalState.Default.WithDatabase(databaseSymbol(language, database));
  const code = language.KustoCode.ParseAndAnalyze(text, globals);
  const serious = (diagnostics: unknown) =>
    (Bridge.toArray(diagnostics) as Diagnostic[])
      .filter((diagnostic) => diagnostic.Severity === 'Error')
      .sort((a, b) => a.Start - b.Start)[0];
  const unread = serious(code.GetSyntaxDiagnostics());
  if (unread) throw asSyntaxError(text, unread);
  const wrong = serious(code.GetDiagnostics());
  const tree = readSyntax(code.Syntax, kusto);
  if (wrong) throw asSemanticError(text, wrong, tree);
  return tree;
}

type Diagnostic = { Code: string; Severity: string; Start: number; Length: number; Message: string };

// biome-ignore lint/suspicious/noExplicitAny: the library's own symbols
function databaseSymbol(language: any, database: Database): unknown {
  const { Symbols } = language;
  const tables = database.tables.map((table) => {
    const columns = table.columns.map(
      (column) => new Symbols.ColumnSymbol(column.name, Symbols.ScalarTypes.GetSymbol(column.type)),
    );
    return new Symbols.TableSymbol.$ctor4(table.name, columns);
  });
  return new Symbols.DatabaseSymbol.ctor('workspace', tables);
}

function asSyntaxError(text: string, { Start, Length }: Diagnostic): KqlError {
  const before = text.slice(0, Start).split('\n');
  const token = /^\s*(\w+|\S|$)/.exec(text.slice(Start))?.[1] ?? text.slice(Start, Start + Length);
  return syntaxError(token, before.length, (before.at(-1) as string).length);
}

function asSemanticError(text: string, wrong: Diagnostic, tree: SyntaxNode): KqlError {
  const name = text.slice(wrong.Start, wrong.Start + wrong.Length).replace(/^\[['"]|['"]\]$/g, '');
  const operator = operatorAt(tree, wrong.Start);
  const where = operator ? `'${operator}' operator: ` : '';
  if (wrong.Code === unknownTable || (wrong.Code === unknownName && !operator))
    return semanticError('SEM0100', `${where}Failed to resolve table or column expression named '${name}'`);
  if (wrong.Code === unknownName)
    return semanticError('SEM0100', `${where}Failed to resolve column or scalar expression named '${name}'`);
  if (wrong.Code === unknownFunction) return semanticError('SEM0260', `Unknown function: '${name}'.`);
  return semanticError(wrong.Code, `${where}${wrong.Message}`);
}

const unknownName = 'KS142';
const unknownTable = 'KS204';
const unknownFunction = 'KS211';

// The operator around this place, by the word it is written with: of the head of a pipe the first after it.
function operatorAt(node: SyntaxNode, position: number): string {
  const child = node.children().find((one) => position >= one.start && position < one.start + one.text.length);
  if (!child) return '';
  const around =
    node.kind === 'PipeExpression' ? node.part('Operator') : node.kind.endsWith('Operator') ? node : undefined;
  return operatorAt(child, position) || (/^[\w-]+/.exec(around?.text ?? '')?.[0] ?? '');
}
