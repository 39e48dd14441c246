/** How far a sign-in is; the code itself is the fact `azureLogin`. */
export type SignInState = { phase: 'asking' } | { phase: 'ended'; text: string };
