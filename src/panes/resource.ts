import type { ApiResource } from '../model/asks.ts';

/**
 * The kind somebody means: `po`, `pods`, `Pod`, `ciliumendpoints`, `Deployment.apps`, `deploy.apps`. Exact names win over short
 * ones and the core group over the others, as kubectl has it. Undefined when the server serves nothing of that name.
 */
export function findResource(resources: readonly ApiResource[], word: string): ApiResource | undefined {
  const wanted = word.toLowerCase();
  const [name = '', ...rest] = wanted.split('.');
  const group = rest.join('.');
  const fits = resources.filter(
    (resource) =>
      resource.verbs.includes('list') && namesOf(resource).includes(name) && (group === '' || resource.group === group),
  );
  const exact = fits.filter((resource) => !resource.shortNames.includes(name));
  const [first] = [...(exact.length > 0 ? exact : fits)].sort((a, b) => rank(a) - rank(b));
  return first;
}

/** Every word that names a listable kind, for completion: plurals first. */
export function resourceWords(resources: readonly ApiResource[]): readonly string[] {
  const listable = resources.filter((resource) => resource.verbs.includes('list'));
  const words = [
    ...listable.map((resource) => resource.plural),
    ...listable.flatMap((resource) => resource.shortNames),
  ];
  return [...new Set(words)].sort();
}

function namesOf(resource: ApiResource): readonly string[] {
  return [resource.plural, resource.singular, resource.kind.toLowerCase(), ...resource.shortNames];
}

// events and metrics have namesakes in younger groups; what everybody means is the older one.
function rank({ group }: ApiResource): number {
  if (group === '' || group === 'apps') return 0;
  return group.endsWith('.k8s.io') ? 1 : group === 'metrics.k8s.io' ? 9 : 2;
}
