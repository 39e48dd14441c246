import { templates } from '../../model/policies/templates/index.ts';
import type { Pane } from '../../ui/pane.ts';
import type { PaneProps } from '../pane-props.ts';
import { WhatIfScreen } from './WhatIfScreen.tsx';

export const whatIf: Pane<PaneProps> = {
  id: 'what-if',
  title: 'What if',
  words: ['whatif', 'what-if'],
  complete: ([word = '', ...rest]) => {
    if (rest.length === 0) return ['edit', 'delete', 'template'];
    if (word === 'template') return templates.map(({ name }) => name);
    return word === 'edit' || word === 'delete' ? ['cnp', 'ccnp', 'netpol'] : [];
  },
  Screen: WhatIfScreen,
};
