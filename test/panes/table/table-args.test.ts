import { describe, expect, it } from 'vitest';
import { scopeText, tableArgs } from '../../../src/panes/table/table-args.ts';

describe('what is typed behind a kind', () => {
  it.each([
    [[], '', '', '', '', ''],
    [[], 'shop', 'shop', '', '', ''],
    [['pay'], 'shop', 'pay', '', '', ''],
    [['-n', 'pay'], '', 'pay', '', '', ''],
    [['-A'], 'shop', '', '', '', ''],
    [['-l', 'app=web,tier!=db'], '', '', 'app=web,tier!=db', '', ''],
    [['app=web'], '', '', 'app=web', '', ''],
    [['pay', 'app=web', '/crash loop'], '', 'pay', 'app=web', '', 'crash loop'],
    [['/crash', 'loop'], '', '', '', '', 'crash loop'],
    [['--field-selector', 'spec.nodeName=n1'], '', '', '', 'spec.nodeName=n1', ''],
    [['-n'], 'shop', '', '', '', ''],
  ])('%j in scope "%s"', (args, scope, namespace, labelSelector, fieldSelector, filter) => {
    expect(tableArgs(args, scope)).toEqual({ namespace, labelSelector, fieldSelector, filter });
  });

  it('says in the title where it looks', () => {
    expect(scopeText(tableArgs(['app=web'], ''), true)).toBe('all namespaces -l app=web');
    expect(scopeText(tableArgs(['shop'], ''), false)).toBe('');
  });
});
