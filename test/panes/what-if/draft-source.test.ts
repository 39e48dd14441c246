import { describe, expect, it } from 'vitest';
import { beginDraft } from '../../../src/panes/what-if/draft-source.ts';
import { readWay } from '../../../src/panes/what-if/way.ts';
import { noAsks } from '../fixtures/frame.tsx';

const begin = (name: string) =>
  beginDraft(readWay(['template', name]), 'shop', noAsks, new AbortController().signal).then(({ text }) => text);

describe('a template', () => {
  it('is taken by the beginning of its name, where only one begins so', async () => {
    await expect(begin('default-deny')).resolves.toBe(await begin('default-deny-with-dns'));
  });

  it('is the one of that very name, though another begins with it', async () => {
    expect(await begin('allow-frontend-to-backend')).not.toBe(await begin('allow-frontend-to-backend-cilium'));
  });

  it.each([
    ['allow', /no template allow\. There are allow-frontend-to-backend, allow-frontend-to-backend-cilium\.$/],
    ['deny-all', /no template deny-all\. There are .*default-deny-with-dns/],
    ['', /Which template\? There are allow-/],
  ])('%s: says which there are, the nearest where some begin so', async (name, words) => {
    await expect(begin(name)).rejects.toThrow(words);
  });
});
