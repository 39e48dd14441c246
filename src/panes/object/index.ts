import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { ObjectScreen } from './ObjectScreen.tsx';

export const object: Pane<PaneProps> = { id: 'object', title: 'Object', words: [], Screen: ObjectScreen };
