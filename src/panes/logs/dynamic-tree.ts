import type { Cell, ResultColumn, ResultRow } from '../../model/azure/log-query.ts';

/** A line of a row's own page: a column, or a part of a dynamic value below it. */
export type TreeLine = Readonly<{
  /** `Layer4/TCP/destination_port`: what is folded is remembered by it. */
  path: string;
  depth: number;
  name: string;
  value: string;
  /** Can be unfolded; `folded` says that it is not. */
  branch: boolean;
  folded: boolean;
  /** What `c` copies: the value as it came. */
  copy: string;
}>;

/** Every column of a row, dynamic values as trees. `toggled` are the paths that are not as they would be by themselves. */
export function rowTree(
  columns: readonly ResultColumn[],
  cells: ResultRow,
  toggled: ReadonlySet<string>,
): readonly TreeLine[] {
  return columns.flatMap((column, index) => {
    const cell = cells[index] ?? null;
    const path = `${index} ${column.name}`;
    const parsed = parsedOf(column, cell);
    if (parsed === undefined)
      return [
        {
          path,
          depth: 0,
          name: column.name,
          value: plain(cell, column),
          branch: false,
          folded: false,
          copy: String(cell ?? ''),
        },
      ];
    return branchLines(column.name, parsed, path, 0, toggled, String(cell));
  });
}

/** Deeper values and longer lists are folded until somebody wants them. */
const openDepth = 2;
const openChildren = 8;
/** No value that people read has more; nothing beyond is ever drawn. */
const mostChildren = 1_000;
const deepest = 40;

function branchLines(
  name: string,
  value: object,
  path: string,
  depth: number,
  toggled: ReadonlySet<string>,
  copy: string,
): readonly TreeLine[] {
  const children = Object.entries(value);
  const folds = depth >= openDepth || children.length > openChildren;
  const folded = children.length > 0 && toggled.has(path) !== folds;
  const own: TreeLine = {
    path,
    depth,
    name,
    value: children.length === 0 ? (Array.isArray(value) ? '[]' : '{}') : folded ? brief(value) : countOf(value),
    branch: children.length > 0,
    folded,
    copy,
  };
  if (folded || children.length === 0 || depth > deepest) return [own];
  const lines: TreeLine[] = [own];
  for (const [key, child] of children.slice(0, mostChildren)) {
    const below = `${path}/${key}`;
    if (typeof child === 'object' && child !== null)
      lines.push(...branchLines(key, child, below, depth + 1, toggled, jsonText(child)));
    else
      lines.push({
        path: below,
        depth: depth + 1,
        name: key,
        value: JSON.stringify(child) ?? '',
        branch: false,
        folded: false,
        copy: typeof child === 'string' ? child : String(child),
      });
  }
  if (children.length > mostChildren)
    lines.push({
      path: `${path}/…`,
      depth: depth + 1,
      name: '…',
      value: `${children.length - mostChildren} more`,
      branch: false,
      folded: false,
      copy: '',
    });
  return lines;
}

/** Dynamic values come as JSON's text, and some strings hold JSON as well; what is none stays text. */
function parsedOf({ type }: ResultColumn, cell: Cell): object | undefined {
  if (typeof cell !== 'string' || (type !== 'dynamic' && type !== 'string')) return undefined;
  if (!/^\s*[[{]/.test(cell)) return undefined;
  try {
    const parsed: unknown = JSON.parse(cell);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** What a table leaves blank is said here: nothing, or nothing written. */
function plain(cell: Cell, { type }: ResultColumn): string {
  if (cell === null) return 'null';
  if (cell === '' && type === 'string') return '""';
  return String(cell);
}

function countOf(value: object): string {
  const count = Object.keys(value).length;
  return Array.isArray(value) ? `${count} ${count === 1 ? 'item' : 'items'}` : '';
}

function brief(value: object): string {
  const text = jsonText(value);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** What is nested thousands deep can be read, but not written again. */
function jsonText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '…';
  }
}
