// Whoever runs the suite has a home, clusters, clouds, a proxy and a terminal of their own: none of it is of these tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const theirs =
  /^(ALL_PROXY|ARM_\w+|AZURE_\w+|CILISCOPE_\w+|COLUMNS|EDITOR|FORCE_COLOR|HTTPS?_PROXY|IDENTITY_\w+|KUBE_EDITOR|KUBECONFIG|KUBERNETES_SERVICE_\w+|LINES|MSI_\w+|NO_COLOR|NO_PROXY|STY|TMUX|VISUAL|XDG_\w+)$/i;

/** Before the first test, in the process that starts the others; returns what is done after the last. */
export function setup(): () => void {
  for (const name of Object.keys(process.env)) if (theirs.test(name)) delete process.env[name];
  const home = mkdtempSync(join(tmpdir(), 'ciliscope-home-'));
  Object.assign(process.env, { HOME: home, TERM: 'xterm-256color' });
  return () => rmSync(home, { recursive: true, force: true });
}
