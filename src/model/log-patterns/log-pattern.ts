/** What a line of a log means. Patterns are about the message alone: levels and fields of slog, logrus, klog and zap go first. */
export type LogPattern = {
  /** kebab-case: `policy-map-full`. */
  id: string;
  /** Row of domain §5 it comes from; 0 = ours. */
  row: number;
  /** Whose log it may stand in. */
  programs: readonly LogProgram[];
  /** Any of these substrings of the message, as the program writes them; the first letter may be small or a capital. */
  substrings: readonly string[];
  /** Where a substring alone would be said by healthy programs as well: what must hold besides, of the whole line. */
  besides?: RegExp;
  severity: 'error' | 'warning' | 'note';
  /** What it means, one short sentence. */
  meaning: string;
  /** What to do, one short sentence. */
  next: string;
  /** Id of the runbook that looks for the cause, where there is one. */
  runbook?: string;
};

export type LogProgram = 'agent' | 'operator' | 'cni' | 'azure-ipam' | 'cns' | 'kubelet' | 'envoy' | 'relay' | 'init';
