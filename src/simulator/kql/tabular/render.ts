import type { Relation } from '../rows.ts';
import type { Operator } from './compile-tabular.ts';

export const render: Operator = (node, input) => {
  const properties: Record<string, string> = {};
  const written = [...node.items('Parameters'), ...(node.part('WithClause')?.items('Properties') ?? [])];
  for (const parameter of written) {
    const value = parameter.part('Expression')?.text ?? '';
    properties[parameter.part('Name')?.name || (parameter.part('Name')?.text ?? '')] = value.replace(
      /^(["'])(.*)\1$/s,
      '$2',
    );
  }
  return { ...(input as Relation), render: { visualization: node.part('ChartType')?.text ?? '', properties } };
};
