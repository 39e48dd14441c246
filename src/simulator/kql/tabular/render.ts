import type { Relation } from '../rows.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { Operator } from './operator.ts';

/** `render timechart with (title = "…", series = Pod, Node)`. */
export const render: Operator = (node, input) => {
  const said: Record<string, unknown> = {};
  for (const property of [...node.items('Parameters'), ...(node.part('WithClause')?.items('Properties') ?? [])]) {
    const name = property.part('Name');
    const word = (name?.name || name?.text || '').toLowerCase();
    const key = Object.keys(nothingSaid).find((one) => one.toLowerCase() === word);
    if (key) said[key] = propertyValue(key, property.part('Expression'));
  }
  return {
    ...(input as Relation),
    render: { visualization: node.part('ChartType')?.text ?? '', ...nothingSaid, ...said },
  };
};

const nothingSaid = {
  title: null,
  accumulate: false,
  isQuerySorted: false,
  kind: null,
  legend: null,
  series: null,
  yMin: 'NaN',
  yMax: 'NaN',
  xAxis: null,
  xColumn: null,
  xTitle: null,
  yAxis: null,
  yColumns: null,
  ySplit: null,
  yTitle: null,
  anomalyColumns: null,
};

function propertyValue(key: string, expression: SyntaxNode | undefined): unknown {
  const text = expression?.text ?? '';
  if (key === 'series' || key === 'yColumns' || key === 'anomalyColumns')
    return text.split(',').map((name) => name.trim());
  if (key === 'accumulate') return text === 'true';
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text.replace(/^(["'])(.*)\1$/s, '$2');
}
