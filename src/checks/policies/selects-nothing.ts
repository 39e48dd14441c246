import type { Lint } from './lint.ts';

export const selectsNothing: Lint = {
  id: 'policies/selects-nothing',
  title: 'Policy that selects no pod',
  why: 'A policy whose subject matches no pod protects and allows nothing. Mostly a label is misspelt or stands in another namespace.',
  severity: 'note',
  needs: ['pods'],
  look(policy, ground) {
    return policy.specs
      .filter(({ subject }) => subject.type === 'pods')
      .filter(({ subject }) => ground.classesOf(subject.selector, policy.ref.namespace).length === 0)
      .filter(({ subject }) => !subject.selector.requirements.some(({ source }) => source === 'reserved'))
      .map(({ path, subject }) => ({
        path: `${path}.${policy.ref.kind === 'NetworkPolicy' ? 'podSelector' : 'endpointSelector'}`,
        text: `no pod has ${subject.text}`,
        next: 'Compare the selector with kubectl get pods --show-labels; pods of the host’s network are never selected.',
      }));
  },
};
