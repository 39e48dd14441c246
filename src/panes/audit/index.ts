import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { AuditScreen } from './AuditScreen.tsx';

export const audit: Pane<PaneProps> = { id: 'audit', title: 'Audit', words: ['audit'], Screen: AuditScreen };
