import { describe, expect, it } from 'vitest';
import type { Cell, ResultColumn } from '../../../src/model/azure/log-query.ts';
import { csvHeading, csvRow, jsonRow } from '../../../src/model/azure/write-result.ts';

const column = (name: string, type: ResultColumn['type'] = 'string'): ResultColumn => ({ name, type });

describe('what results are written as', () => {
  it.each<[Cell, string]>([
    ['plain', 'plain'],
    ['a "b", c', '"a ""b"", c"'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+1 (555)', "'+1 (555)"],
    ['-5.2', '-5.2'],
    ['@SUM(A1)', "'@SUM(A1)"],
    [null, ''],
    [-3, '-3'],
    [true, 'true'],
  ])('%j in CSV is %s', (value, written) => {
    expect(csvRow([value])).toBe(written);
  });

  it('headings are disarmed as well', () => {
    expect(csvHeading([column('=1+1'), column('a,b')])).toBe(`'=1+1,"a,b"`);
  });

  it('JSON keeps digits, dynamic values and two columns of one name', () => {
    const columns = [column('n', 'long'), column('d', 'dynamic'), column('d', 'dynamic'), column('t', 'datetime')];
    expect(jsonRow(columns, ['9007199254740993', '{"a":[1]}', '{broken', null])).toBe(
      '{"n":9007199254740993,"d":{"a":[1]},"d_2":"{broken","t":null}',
    );
  });
});
