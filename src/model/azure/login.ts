/** How we stand with Azure. A fact of the snapshot: every screen may say it. */
export type AzureLogin = {
  /**
   * off: Azure is not asked (said so, or a check without --azure) · none: no credential was found that needs nobody ·
   * asking: one is being asked · code: a person must type a code elsewhere · signed-in · failed.
   */
  state: 'off' | 'none' | 'asking' | 'code' | 'signed-in' | 'failed';
  /** `public`, `US Government`, `China`, or the host of a custom authority. */
  cloud: string;
  /** What the tokens come from: `workload identity`, `Azure CLI`, `environment`, `device code`; '' = nothing yet. */
  credential: string;
  /** Whose tokens they are, as the token says: user or application. Sanitised; '' = not known. */
  account: string;
  tenant: string;
  /** When the token that ends first ends, ms since 1970; 0 = none. It is renewed before, where that needs nobody. */
  expires: number;
  /** Device code: what to type where, and until when (ms since 1970). */
  code?: { userCode: string; address: string; until: number };
  /** One clear sentence each: what was tried and why it could not be, or what failed. Sanitised. */
  problems: readonly string[];
};
