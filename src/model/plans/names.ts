import { caution, type PlanProblem, problem, when } from './deployment-plan.ts';

/** ARM's rules for names, as far as a plan writes them (domain §2.1 for Cilium's). */
export function checkClusterName(name: string, where = '--name'): readonly PlanProblem[] {
  if (name === '') return [problem(where, 'The cluster needs a name.')];
  if (name.length > 63) return [problem(where, `"${name}" has ${name.length} characters; ARM takes 63.`)];
  if (!/^[a-z0-9]([\w-]*[a-z0-9])?$/i.test(name)) {
    return [
      problem(where, `"${name}" is no cluster name.`, 'Letters, digits, - and _; first and last a letter or a digit.'),
    ];
  }
  return when(
    !isCiliumClusterName(name),
    caution(
      where,
      `Cilium 1.17 and later call a cluster by at most 32 lowercase letters, digits and -: "${name}" cannot be its name there.`,
      `"${asCiliumClusterName(name)}" could, and would then be called the same everywhere.`,
    ),
  );
}

export function isCiliumClusterName(name: string): boolean {
  return /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/.test(name);
}

/** The nearest name that Cilium takes. */
export function asCiliumClusterName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9-]/g, '-');
  return plain.replace(/^-+/, '').slice(0, 32).replace(/-+$/, '');
}

export function checkGroupName(name: string, where = '--resource-group'): readonly PlanProblem[] {
  if (name === '') return [problem(where, 'The resource group needs a name.')];
  if (name.length > 90) return [problem(where, `"${name}" has ${name.length} characters; ARM takes 90.`)];
  return when(
    !/^[\p{L}\p{N}_().-]*[\p{L}\p{N}_()-]$/u.test(name),
    problem(
      where,
      `"${name}" is no name of a resource group.`,
      'Letters, digits, _ ( ) - and . are taken, but no . at its end.',
    ),
  );
}

export function checkPoolName(name: string, where = '--pool-name'): readonly PlanProblem[] {
  return when(
    !/^[a-z][a-z0-9]{0,11}$/.test(name),
    problem(
      where,
      `"${name}" is no name of a Linux node pool.`,
      'At most 12 lowercase letters and digits, a letter first.',
    ),
  );
}

export function checkNetworkName(name: string, kind: 'network' | 'subnet', where: string): readonly PlanProblem[] {
  const [least, most] = kind === 'network' ? [2, 64] : [1, 80];
  const isName = /^[a-z0-9]([\w.-]*\w)?$/i.test(name) && name.length >= least && name.length <= most;
  return when(
    !isName,
    problem(
      where,
      `"${name}" is no name of a ${kind}.`,
      `${least} to ${most} letters, digits, . _ and -; a letter or a digit first, no . or - last.`,
    ),
  );
}

/** Only its shape: which regions there are changes, and differs by cloud. */
export function checkLocation(location: string): readonly PlanProblem[] {
  if (location === '') return [problem('--location', 'A region is needed.', 'az account list-locations lists them.')];
  if (/^[a-z][a-z0-9]{2,40}$/.test(location)) return [];
  const short = location.toLowerCase().replace(/[^a-z0-9]/g, '');
  return [problem('--location', `"${location}" is no region as commands name it.`, `Is it ${short}?`)];
}

export function checkSubscription(id: string): readonly PlanProblem[] {
  return when(
    id !== '' && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id),
    problem('--subscription', `"${id}" is no ID of a subscription.`, 'az account show --query id prints it.'),
  );
}

/** `type` as ARM names it: `Microsoft.Network/virtualNetworks/subnets`. Case does not matter to ARM. */
export function checkResourceId(id: string, type: string, where: string): readonly PlanProblem[] {
  const [provider = '', ...kinds] = type.split('/');
  const tail = kinds.map((kind) => `/${kind}/[^/]+`).join('');
  const shape = new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${provider}${tail}$`, 'i');
  return when(
    !shape.test(id),
    problem(where, `"${id}" is no resource ID of ${type}.`, 'It begins with /subscriptions/ and ends with the name.'),
  );
}
