// Writes the pages that are made from the lists: `npm run docs`. A test fails when they are stale.
import { writeFileSync } from 'node:fs';
import { actionsPage } from './actions-page.ts';
import { checksPage } from './checks-page.ts';
import { runbooksPage } from './runbooks-page.ts';

writeFileSync(`${import.meta.dirname}/checks.md`, checksPage());
writeFileSync(`${import.meta.dirname}/actions.md`, actionsPage());
writeFileSync(`${import.meta.dirname}/runbooks.md`, runbooksPage());
