import { aksDefaults, type CreateInput, hasOwnNetwork, maxPodsOf, mostNodesOf } from './create-input.ts';
import { caution, type PlanProblem, problem, when } from './deployment-plan.ts';
import {
  checkOverlaps,
  checkRange,
  contains,
  holds,
  type Named,
  prefixFor,
  readAddress,
  readRange,
  usable,
} from './ranges.ts';

/** Whether the ranges are ranges, stay out of each other's way, and hold as many nodes and pods as are asked for. */
export function checkAddresses(input: CreateInput): readonly PlanProblem[] {
  const named = rangesOf(input);
  const known = named.flatMap(({ text, ...one }) => {
    const range = readRange(text);
    return range === undefined ? [] : [{ ...one, range }];
  });
  const apart = known.filter(({ what }) => what !== 'the network');
  const network = known.find(({ what }) => what === 'the network');
  const outside = network === undefined ? [] : apart.filter(({ what }) => !what.includes('subnet')).concat(network);
  return [
    ...named.flatMap(({ text, where }) => checkRange(text, where)),
    ...checkOverlaps(apart),
    ...checkOverlaps(outside).filter(({ text }) => text.includes('the network')),
    ...apart.filter(({ what }) => what.includes('subnet')).flatMap((subnet) => inside(subnet, network)),
    ...checkService(input),
    ...checkPods(input),
    ...checkSizes(input, known),
  ];
}

type Text = { where: string; what: string; text: string };

function rangesOf(input: CreateInput): readonly Text[] {
  const { network, mode } = input;
  const own = hasOwnNetwork(input);
  const podCidr = podCidrOf(input);
  const all: readonly Text[] = [
    { where: '--service-cidr', what: 'the service range', text: input.serviceCidr || aksDefaults.serviceCidr },
    { where: '--pod-cidr', what: 'the pod range', text: podCidr },
    { where: '--vnet-prefix', what: 'the network', text: own ? network.prefix : aksDefaults.network },
    {
      where: '--node-subnet-prefix',
      what: 'the node subnet',
      text: own ? network.nodeSubnet.prefix : aksDefaults.nodeSubnet,
    },
    {
      where: '--pod-subnet-prefix',
      what: 'the pod subnet',
      text: mode === 'pod-subnet' ? network.podSubnet.prefix : '',
    },
  ];
  return all.filter(({ text }) => text !== '');
}

/** '' where pods have no range of their own. */
export function podCidrOf({ mode, podCidr }: Pick<CreateInput, 'mode' | 'podCidr'>): string {
  if (mode === 'overlay') return podCidr || aksDefaults.overlayPodCidr;
  return mode === 'byo' ? podCidr : '';
}

function inside(subnet: Named, network: Named | undefined): readonly PlanProblem[] {
  if (network === undefined || contains(network.range, subnet.range)) return [];
  return [
    problem(
      subnet.where,
      `${capital(subnet.what)} ${subnet.range.text} is not within ${network.range.text}, the network.`,
    ),
  ];
}

function checkService({ serviceCidr, dnsServiceIP }: CreateInput): readonly PlanProblem[] {
  const text = serviceCidr || aksDefaults.serviceCidr;
  const range = readRange(text);
  if (range === undefined) return [];
  const tooLarge = when(
    range.family === 4 && range.prefix < 12,
    problem('--service-cidr', `${text} is too large: AKS takes /12 at the most.`),
  );
  const written = dnsServiceIP || (serviceCidr === '' ? aksDefaults.dnsServiceIP : '');
  if (written === '') {
    return [...tooLarge, problem('--dns-service-ip', `It must be given with --service-cidr: an address of ${text}.`)];
  }
  const address = readAddress(written);
  if (address === undefined) return [...tooLarge, problem('--dns-service-ip', `"${written}" is no address.`)];
  if (!holds(range, address)) {
    return [...tooLarge, problem('--dns-service-ip', `${written} is not within the service range ${text}.`)];
  }
  return [
    ...tooLarge,
    ...when(
      address.value <= range.first + 1n,
      problem(
        '--dns-service-ip',
        `${written} is taken: the first address after the range's own is that of kubernetes.default.`,
      ),
    ),
  ];
}

function checkPods(input: CreateInput): readonly PlanProblem[] {
  const { mode, podCidr, pool } = input;
  const most = maxPodsOf(input);
  return [
    ...when(pool.maxPods > 250, problem('--max-pods', `A node of AKS holds 250 pods at the most, not ${most}.`)),
    ...when(most < 10, problem('--max-pods', `AKS wants room for at least 10 pods on a node, not ${most}.`)),
    ...when(
      mode === 'byo' && podCidr === '',
      problem(
        '--pod-cidr',
        'Without a CNI of its own AKS must be told the range of the pods: otherwise the API server reaches no webhook and no log.',
        `--pod-cidr ${aksDefaults.byoPodCidr}, and the same in Cilium's own settings.`,
      ),
    ),
    ...when(
      podCidr !== '' && (mode === 'pod-subnet' || mode === 'node-subnet'),
      problem(
        '--pod-cidr',
        `With ${mode} pods have addresses of a subnet: there is no range of pods.`,
        'Leave it out.',
      ),
    ),
  ];
}

function checkSizes(input: CreateInput, known: readonly Named[]): readonly PlanProblem[] {
  const { mode, network, pool } = input;
  const nodes = mostNodesOf(input);
  const pods = maxPodsOf(input);
  const count = `${nodes} nodes (${Math.max(pool.nodes, pool.mostNodes)} and what an upgrade adds)`;
  const find = (what: string) => known.find((one) => one.what === what);
  const range = find('the pod range')?.range;
  const perNode = mode === 'node-subnet' ? pods + 1 : 1;
  return [
    ...when(
      range !== undefined && range.family === 4 && (range.prefix > 24 || 2 ** (24 - range.prefix) < nodes),
      problem(
        '--pod-cidr',
        `${range?.text} has room for ${roomOf(range?.prefix ?? 32)} nodes, as each takes a /24 of it; it must hold ${count}.`,
        `Take a /${Math.max(8, 24 - Math.ceil(Math.log2(nodes)))} or larger.`,
      ),
    ),
    ...fits(
      find('the node subnet'),
      nodes * perNode,
      `${count}${mode === 'node-subnet' ? ` with ${pods} pods each` : ''}`,
    ),
    ...(mode === 'pod-subnet' ? podSubnetFits(find('the pod subnet'), nodes, pods, network.staticBlocks, count) : []),
  ];
}

function roomOf(prefix: number): number {
  return prefix > 24 ? 0 : 2 ** (24 - prefix);
}

/** Every node has 16 addresses at once, and 16 more before it runs out; a block is a /28. */
function podSubnetFits(
  subnet: Named | undefined,
  nodes: number,
  pods: number,
  blocks: boolean,
  count: string,
): readonly PlanProblem[] {
  const all = nodes * 16 * Math.ceil((blocks ? pods : pods + 8) / 16);
  const least = blocks ? all : nodes * 16;
  const errors = fits(
    subnet,
    least,
    `${count} with ${blocks ? `${Math.ceil(pods / 16)} blocks of 16` : '16 addresses at the start'}`,
  );
  if (errors.length > 0 || subnet === undefined || usable(subnet.range) >= all) return errors;
  return [
    caution(
      subnet.where,
      `${subnet.range.text} has ${usable(subnet.range)} usable addresses: ${count} full of ${pods} pods would take ${all}.`,
      `Pods beyond it wait for an address; a /${prefixFor(all)} holds them all.`,
    ),
  ];
}

function fits(subnet: Named | undefined, addresses: number, what: string): readonly PlanProblem[] {
  if (subnet === undefined || subnet.range.family === 6 || usable(subnet.range) >= addresses) return [];
  return [
    problem(
      subnet.where,
      `${subnet.range.text} has ${usable(subnet.range)} usable addresses (Azure keeps 5); ${what} need ${addresses}.`,
      `Take a /${prefixFor(addresses)} or larger.`,
    ),
  ];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
