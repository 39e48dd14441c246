// A program of its own that tells the audit so many lines: node append-audit.ts FOLDER NAME LINES
import { audit } from '../../../src/sources/records/audit-file.ts';

const [folder = '', session = '', lines = '1'] = process.argv.slice(2);
for (let job = 1; job <= Number(lines); job += 1) {
  audit(folder, {
    ...{ time: '2026-11-22T10:00:00Z', session, job, context: 'admin', server: 'https://one', user: session },
    ...{ action: 'exec', object: 'Pod kube-system/cilium-1', request: 'cilium-agent: cilium-dbg status' },
    ...{ about: 'exec', outcome: 'sending' },
  });
}
