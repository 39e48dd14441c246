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
    [['--namespace=pay', '--selector=app=web'], '', 'pay', 'app=web', '', ''],
  ])('%j in scope "%s"', (args, scope, namespace, labelSelector, fieldSelector, filter) => {
    expect(tableArgs(args, scope)).toEqual({ namespace, labelSelector, fieldSelector, filter, problem: '' });
  });

  it.each([
    [['-n'], '-n needs a namespace behind it, as in -n shop; -A shows all of them.'],
    [['-n', '-A'], '-n needs a namespace behind it, as in -n shop; -A shows all of them.'],
    [['shop', '-l'], '-l needs labels behind it, as in -l app=web.'],
    [['--field-selector='], '--field-selector needs a field behind it, as in --field-selector spec.nodeName=NODE.'],
    [['-w'], expect.stringMatching(/^-w means nothing here\. Behind a kind may stand -n NAMESPACE, /)],
  ])('%j cannot be meant, and one sentence says so', (args, problem) => {
    expect(tableArgs(args, 'shop').problem).toEqual(problem);
  });

  it('says in the title where it looks', () => {
    expect(scopeText(tableArgs(['app=web'], ''), true)).toBe('all namespaces -l app=web');
    expect(scopeText(tableArgs(['shop'], ''), false)).toBe('');
  });
});
