/** What each agent of a bundle is asked: all of these only read, and the exec's own list of what may be run holds them. */
export const agentCommands: readonly (readonly string[])[] = [
  ['cilium-dbg', 'status', '--verbose'],
  ['cilium-dbg', 'endpoint', 'list', '-o', 'json'],
  ['cilium-dbg', 'policy', 'selectors', '-o', 'json'],
  ['cilium-dbg', 'bpf', 'policy', 'get', '--all', '-n'],
  ['cilium-dbg', 'bpf', 'ipcache', 'list', '-o', 'json'],
  ['cilium-dbg', 'identity', 'list', '-o', 'json'],
  ['cilium-dbg', 'service', 'list', '-o', 'json'],
  ['cilium-dbg', 'node', 'list', '-o', 'json'],
  ['cilium-dbg', 'map', 'list', '--verbose'],
  ['cilium-dbg', 'encrypt', 'status'],
  ['cilium-health', 'status', '--verbose'],
];
