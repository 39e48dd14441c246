import { factNames } from '../model/facts.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { LogGround } from '../queries/choose-query.ts';
import type { PaneState } from './pane-state.ts';

/** What queries stand on: whether there is a workspace that may be asked, and why not. */
export type GroundState = Readonly<{
  /** Undefined: nothing can be asked now. */
  ground: LogGround | undefined;
  /** Its name, for titles. */
  workspace: string;
  /** `hint`: what to do about it. */
  state: PaneState & { hint: string };
}>;

export function groundState({ azureLogin, workspace, armDiagnostics, arm }: Snapshot['facts']): GroundState {
  const login = azureLogin?.value;
  const none = (state: Partial<PaneState> & { hint?: string }): GroundState => ({
    ground: undefined,
    workspace: '',
    state: { ...waiting, hint: '', ...state },
  });
  if (workspace?.value !== undefined && login?.state !== 'off' && login?.state !== 'none')
    return {
      ground: {
        workspace: workspace.value,
        ...(armDiagnostics?.value !== undefined && { diagnostics: armDiagnostics.value }),
      },
      workspace: workspace.value.name || workspace.value.customerId,
      state: { ...waiting, phase: 'live', glyph: 'ok', text: 'live', tone: 'ok', sentence: '', hint: '' },
    };
  if (login === undefined)
    return none({ text: 'looking for Azure', sentence: 'Azure is looked for once the cluster is read.' });
  const problems = login.problems.join(' ');
  switch (login.state) {
    case 'off':
      return none({
        ...missing,
        text: 'Azure is off',
        sentence: 'This console was told not to ask Azure (--no-azure), so there are no logs of the past.',
        hint: 'l on a pod reads its log from the cluster.',
      });
    case 'none':
      return none({
        ...missing,
        text: 'not signed in',
        sentence: `Not signed in to Azure. ${problems}`.trim(),
        hint: ':login signs in with a code. The Kubernetes panes need none of it.',
      });
    case 'failed':
      return none({
        phase: 'failed',
        glyph: 'error',
        tone: 'error',
        text: 'sign-in failed',
        sentence: problems || 'Signing in to Azure failed.',
        hint: ':login tries again.',
      });
    case 'asking':
      return none({ text: 'signing in', sentence: 'A credential is being asked.' });
    case 'code':
      return none({
        text: 'signing in',
        sentence: login.code
          ? `Open ${login.code.address} and type ${login.code.userCode}.`
          : 'A code is being asked for.',
        hint: ':login shows it again.',
      });
    case 'signed-in':
      return signedIn(none, workspace?.link.phase ?? arm?.link.phase ?? 'connecting', [
        workspace?.link.problem,
        arm?.link.problem,
      ]);
  }
}

function signedIn(
  none: (state: Partial<PaneState> & { hint?: string }) => GroundState,
  phase: PaneState['phase'],
  problems: readonly (string | undefined)[],
): GroundState {
  const problem = problems.find((one) => one !== undefined && one !== '') ?? '';
  switch (phase) {
    case 'forbidden':
      return none({
        phase,
        glyph: 'unknown',
        tone: 'unknown',
        text: 'forbidden: Log Analytics Reader',
        sentence: problem || `You may not read ${factNames.workspace}.`,
        hint: 'Ask for the role Log Analytics Reader on the workspace; --workspace GUID asks one without ARM.',
      });
    case 'missing':
      return none({
        ...missing,
        text: 'no workspace',
        sentence: problem || 'No Log Analytics workspace is set up for this cluster.',
        hint: '`ciliscope plan enable-monitoring` says how to; --workspace GUID asks another one.',
      });
    case 'failed':
    case 'stale':
      return none({
        phase: 'failed',
        glyph: 'error',
        tone: 'error',
        text: 'workspace not found',
        sentence: problem || `${factNames.workspace} could not be read.`,
        hint: 'ctrl-r asks again; --workspace GUID asks one without looking for it.',
      });
    default:
      return none({
        text: 'looking for the workspace',
        sentence: 'The cluster’s workspace is being looked up in Azure.',
      });
  }
}

const waiting = {
  phase: 'connecting',
  glyph: 'progress',
  tone: 'progress',
  text: '',
  sentence: '',
  old: false,
} as const;
const missing = { phase: 'missing', glyph: 'unknown', tone: 'unknown' } as const;
