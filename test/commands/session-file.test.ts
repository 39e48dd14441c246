import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readSession, type Session, writeSession } from '../../src/commands/session-file.ts';

const home = mkdtempSync(join(tmpdir(), 'ciliscope-session-'));
const session: Session = {
  context: 'aks-prod-weu',
  scope: 'shop',
  pane: 'agents',
  args: ['aks-np2-1'],
  at: 1_700_000_000_000,
};
afterEach(() => rmSync(join(home, 'state'), { recursive: true, force: true }));

describe('the session file', () => {
  it('gives back what was kept, readable by its owner only', () => {
    const folder = join(home, 'state');
    expect(writeSession(folder, session)).toBeUndefined();
    expect(readSession(folder)).toEqual(session);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'session.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['session.json']);
  });

  it.each(['', '{', '[]', '{"context":7}', 'null'])('a file holding %j is as good as none', (text) => {
    const folder = join(home, 'state');
    writeSession(folder, session);
    writeFileSync(join(folder, 'session.json'), text);
    expect(readSession(folder)).toBeUndefined();
  });

  it('says in one sentence that it could not be kept', () => {
    writeFileSync(join(home, 'file'), '');
    expect(writeSession(join(home, 'file', 'state'), session)).toMatch(/^Where you were is not kept: .+\.$/);
  });

  it('takes nothing that could steer a terminal', () => {
    const folder = join(home, 'state');
    writeSession(folder, { ...session, scope: 'a\u001b]0;x\u0007', args: ['\u009b2J'] });
    expect(JSON.stringify(readSession(folder))).not.toMatch(/\\u001b|\\u0007|\\u009b|[\u0080-\u009f]/);
  });

  it('survives a folder that may not be read', () => {
    const folder = join(home, 'state');
    writeSession(folder, session);
    chmodSync(folder, 0o000);
    try {
      expect(() => readSession(folder)).not.toThrow();
    } finally {
      chmodSync(folder, 0o700);
    }
  });
});
