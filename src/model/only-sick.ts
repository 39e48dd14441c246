import { type Agent, isSick, isWanted } from './agents.ts';

/** A trait that all sick agents have and no healthy one has. */
export type SickTrait = {
  trait: 'pool' | 'node image' | 'kernel' | 'os' | 'kubelet' | 'agent';
  sick: string;
  /** What the healthy have instead, most frequent first, and how many of them. */
  healthy: readonly { value: string; count: number }[];
};

/** What only the sick share: the first places to look. Empty while nobody or everybody is sick. */
export function onlySickShare(agents: readonly Agent[]): readonly SickTrait[] {
  return onlyTheyShare(
    agents.filter(isSick),
    agents.filter((agent) => isWanted(agent) && agent.state === 'ready'),
  );
}

/** What all of the first have in common and none of the second has, whatever they are sick of. */
export function onlyTheyShare(sick: readonly Agent[], healthy: readonly Agent[]): readonly SickTrait[] {
  if (sick.length === 0 || healthy.length === 0) return [];
  return TRAITS.flatMap(({ trait, of }) => {
    const values = new Set(sick.map(of).filter((value) => value !== ''));
    const [value] = values;
    if (values.size !== 1 || value === undefined || !sick.some((agent) => of(agent) === value)) return [];
    const others = countBy(healthy.map(of).filter((other) => other !== ''));
    if (others.size === 0 || others.has(value)) return [];
    return [
      {
        trait,
        sick: value,
        healthy: [...others].map(([other, count]) => ({ value: other, count })).sort((a, b) => b.count - a.count),
      },
    ];
  });
}

/** `pool np2, node image 202611.04 · 10 healthy: 202610.18` */
export function traitsText(traits: readonly SickTrait[]): string {
  // Of a node image follow its kernel and its os: what the healthy have instead is told of what one can choose.
  const chosen = traits.find(({ trait }) => trait === 'node image') ?? traits.at(-1);
  if (chosen === undefined) return '';
  const shared = traits.map((one) => `${one.trait} ${one.sick}`).join(', ');
  const count = chosen.healthy.reduce((sum, one) => sum + one.count, 0);
  return `${shared} · ${count} healthy: ${chosen.healthy
    .slice(0, 2)
    .map((one) => one.value)
    .join(', ')}`;
}

const ONLY_THEY = 'only they: ';

/** The same as a line of evidence; none where they share nothing. */
export function traitsEvidence(traits: readonly SickTrait[]): readonly string[] {
  return traits.length === 0 ? [] : [ONLY_THEY + traitsText(traits)];
}

/** Whether a line of evidence tells what only the sick share. */
export function tellsTraits(line: string): boolean {
  return line.startsWith(ONLY_THEY);
}

const TRAITS: readonly { trait: SickTrait['trait']; of: (agent: Agent) => string }[] = [
  { trait: 'pool', of: (agent) => agent.pool },
  { trait: 'node image', of: (agent) => agent.nodeImage },
  { trait: 'kernel', of: (agent) => agent.kernel },
  { trait: 'os', of: (agent) => agent.os },
  { trait: 'kubelet', of: (agent) => agent.kubelet },
  // A missing agent has no image: it says nothing about versions.
  { trait: 'agent', of: (agent) => agent.image.slice(agent.image.lastIndexOf(':') + 1) },
];

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
