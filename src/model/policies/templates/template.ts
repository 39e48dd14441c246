/** A policy to begin with: correct as it stands, to be changed at its labels, ports and names. */
export type Template = {
  name: string;
  /** What it is for, a few words. */
  summary: string;
  /** YAML, what one would not guess as comments above it. */
  text: string;
};
