import type { KqlType } from '../database.ts';
import { semanticError } from '../kql-error.ts';
import { constant, type Expression } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import { conversion } from '../values/convert.ts';
import { parseJson } from '../values/json.ts';
import { type Dynamic, nothing, type Value } from '../values/value.ts';

/** `5`, `1.5h`, `datetime(2026-11-22)`, `@"\d+"`, `int(null)`, `dynamic({"a": [1]})`. */
export function literal(node: SyntaxNode): Expression {
  if (node.kind === 'DynamicExpression') return constant('dynamic', dynamicLiteral(node));
  const type = node.type ?? (node.kind === 'NullLiteralExpression' ? 'dynamic' : 'string');
  return constant(type, literalValue(node, type));
}

function literalValue(node: SyntaxNode, type: KqlType): Value {
  if (node.kind === 'CompoundStringLiteralExpression')
    return node
      .items('Tokens')
      .map((token) => stringLiteral(token.text))
      .join('');
  if (node.kind === 'StringLiteralExpression') return stringLiteral(node.text);
  if (node.kind === 'NullLiteralExpression') return null;
  // `datetime(…)`, `int(…)`: what stands within; a number or `5m` stands alone.
  const within = /^[a-z]+\s*\(([\s\S]*)\)$/i.exec(node.text)?.[1]?.trim() ?? node.text;
  if (within === 'null' || (within === '' && type !== 'datetime')) return nothing(type);
  const text = /^["']/.test(within) ? stringLiteral(within) : within;
  const value = conversion('string', type)?.(text) ?? null;
  if (value === null) throw semanticError('SEM0020', `'${node.text}' is no valid ${type}`);
  return value;
}

/** `"a\tb"`, `'…'`, `@"…"` without escapes, with h or H before it as well. */
function stringLiteral(written: string): string {
  const text = written.replace(/^h/i, '');
  if (text.startsWith('```') || text.startsWith('~~~')) return text.slice(3, -3);
  if (text.startsWith('@')) {
    const quote = text[1] as string;
    return text.slice(2, -1).replaceAll(quote + quote, quote);
  }
  return text
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|U[0-9a-fA-F]{8}|[0-7]{1,3}|.)/gs, (_whole, escaped: string) =>
      escapedCharacter(escaped),
    );
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };

function escapedCharacter(escaped: string): string {
  if (/^[uxU]./.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped.slice(1), 16));
  if (/^[0-7]+$/.test(escaped)) return String.fromCodePoint(Number.parseInt(escaped, 8));
  return escapes[escaped] ?? escaped;
}

function dynamicLiteral(node: SyntaxNode): Dynamic {
  const json = node.children().find((child) => child.kind.endsWith('Expression'));
  return json ? jsonValue(json) : parseJson(node.text.replace(/^dynamic\s*\(|\)$/g, '').trim());
}

// JSON in which KQL's own literals may stand as well.
function jsonValue(node: SyntaxNode): Dynamic {
  if (node.kind === 'JsonArrayExpression') return node.items('Values').map(jsonValue);
  if (node.kind === 'JsonObjectExpression')
    return Object.fromEntries(
      node
        .items('Pairs')
        .map((pair) => [stringLiteral(pair.part('Name')?.text ?? ''), jsonValue(pair.part('Value') as SyntaxNode)]),
    );
  if (node.kind === 'UnaryMinusExpression') return -(jsonValue(node.part('Expression') as SyntaxNode) as number);
  const { type, run } = literal(node);
  return conversion(type, 'dynamic')?.(run([])) as Dynamic;
}
