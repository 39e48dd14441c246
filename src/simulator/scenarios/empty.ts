import { readerWithoutRights } from '../api/access.ts';
import type { Scenario } from './scenario.ts';

export const empty: Scenario = {
  id: 'empty',
  title: 'Only the system namespaces and the CustomResourceDefinitions; the context reader has no rights.',
  nodes: 0,
  pods: 0,
  churn: 0,
  world: 'none',
  reader: () => readerWithoutRights(),
};
