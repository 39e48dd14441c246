import { expired } from '../api/access.ts';
import type { Scenario } from './scenario.ts';

export const expiredCredentials: Scenario = {
  id: 'expired-credentials',
  title: "The current user's token has expired.",
  nodes: 12,
  pods: 320,
  churn: 1,
  currentUser: () => expired('admin'),
};
