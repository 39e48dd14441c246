// Which lists are more than one value: how Kubernetes' types say a list's items are told apart.

export type ListRule = {
  /** Server-side apply owns items one by one, told apart by these fields. Absent: the list is one value. */
  apply?: readonly string[];
  /** A strategic merge patch merges items by this field. Absent: the patch replaces the list. */
  patch?: string;
  /** A list of plain values without duplicates. */
  set?: true;
};

const byName: ListRule = { apply: ['name'], patch: 'name' };

const rules: Record<string, ListRule> = {
  containers: byName,
  initContainers: byName,
  ephemeralContainers: byName,
  volumes: byName,
  env: byName,
  imagePullSecrets: byName,
  secrets: { patch: 'name' },
  volumeMounts: { apply: ['mountPath'], patch: 'mountPath' },
  volumeDevices: { apply: ['devicePath'], patch: 'devicePath' },
  conditions: { apply: ['type'], patch: 'type' },
  readinessGates: { patch: 'conditionType' },
  // Finer than a real server, which owns a pod's tolerations as one value.
  tolerations: { apply: ['key', 'operator', 'effect'] },
  hostAliases: { apply: ['ip'], patch: 'ip' },
  podIPs: { apply: ['ip'], patch: 'ip' },
  topologySpreadConstraints: { apply: ['topologyKey', 'whenUnsatisfiable'], patch: 'topologyKey' },
  ownerReferences: { apply: ['uid'], patch: 'uid' },
  finalizers: { set: true },
};

const containerPorts: ListRule = { apply: ['containerPort', 'protocol'], patch: 'containerPort' };
const servicePorts: ListRule = { apply: ['port', 'protocol'], patch: 'port' };
const nodeAddresses: ListRule = { apply: ['type'], patch: 'type' };
const conditionsOnly: ListRule = { apply: ['type'] };
const oneValue: ListRule = {};

/** `path` holds the names of fields from the object's root to the list, indexes left out. */
export type ListRules = (path: readonly string[]) => ListRule;

export const builtInLists: ListRules = (path) => {
  const name = path[path.length - 1] ?? '';
  const parent = path[path.length - 2] ?? '';
  if (name === 'ports') {
    if (parent.endsWith('ontainers')) return containerPorts;
    // A Service; the ports of slices and of policies lie elsewhere.
    return path.length === 2 && parent === 'spec' ? servicePorts : oneValue;
  }
  if (name === 'addresses') return path.length === 2 && parent === 'status' ? nodeAddresses : oneValue;
  return rules[name] ?? oneValue;
};

/** A custom resource's lists are one value each, but for the conditions and what metadata brings. */
export const customLists: ListRules = (path) => {
  const name = path[path.length - 1] ?? '';
  if (path[0] === 'metadata') return rules[name] ?? oneValue;
  return path.length === 2 && name === 'conditions' ? conditionsOnly : oneValue;
};
