import type { ResourceType } from '../cluster.ts';
import { builtIn } from '../resources/define.ts';

/** Kinds that are asked and answered, never kept. */
export const reviewResources: readonly ResourceType[] = [
  builtIn('authentication.k8s.io/v1', 'SelfSubjectReview', 'selfsubjectreviews', { namespaced: false }),
  builtIn('authorization.k8s.io/v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', { namespaced: false }),
  builtIn('authorization.k8s.io/v1', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews', { namespaced: false }),
];
