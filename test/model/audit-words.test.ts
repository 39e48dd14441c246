import { expect, it } from 'vitest';
import type { AuditStory } from '../../src/model/audit-story.ts';
import { auditMarkdown } from '../../src/model/audit-words.ts';

const evil = '`a` **b** <img src=x> [c](javascript:d) | ~~e~~ &lt;f&gt; # g \\';
const story: AuditStory = {
  ...{ id: 's job 1', about: 'change', at: 1, until: 2, user: evil, context: evil, cluster: evil, server: evil },
  ...{ action: evil, title: evil, object: evil, difference: evil, outcome: 'refused', said: evil },
  calls: [{ at: 1, request: evil, object: evil, outcome: 'refused', said: evil, tries: 1 }],
};

it('names that others give make no markup in what is shared', () => {
  for (const text of [auditMarkdown([story]), auditMarkdown([{ ...story, about: 'exec' }])]) {
    // What stands between backticks is code, in which nothing but a backtick ends it.
    const prose = text.replaceAll(/`[^`]*`/g, (code, at: number) => (text[at - 1] === '\\' ? code : 'CODE'));
    const bare = prose.replaceAll(/\\[\\`*_~[\]<>|#&]/g, '');
    expect(bare.replace(/^- \*\*|(?<=d {2}|\d\d {1,2}.*)\*\* by|^#{3} |: \d+$/gm, '')).not.toMatch(/[<>[\]|~&`\\]/);
  }
});

it('says which cluster a context is, where that is another word', () => {
  const plain = { ...story, context: 'admin', cluster: 'aks-prod-weu' };
  expect(auditMarkdown([plain])).toContain('Contexts: admin is aks-prod-weu.');
  expect(auditMarkdown([{ ...plain, cluster: 'admin' }])).not.toContain('Contexts');
});
