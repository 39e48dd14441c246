import type { SyntaxNode } from '../syntax.ts';

/** `kind=inner`: what a parameter of an operator says; undefined where it is not written. */
export function parameter(node: SyntaxNode, name: string): string | undefined {
  const found = node.items('Parameters').find((one) => (one.part('Name')?.name || one.part('Name')?.text) === name);
  const value = found?.part('Expression');
  return value && (value.name || value.text.replace(/^(["'])(.*)\1$/s, '$2'));
}
