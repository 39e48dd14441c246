/**
 * Which cells of a row of the server's table tell of trouble, by the words `kubectl get` uses: a status that is none of
 * the calm ones, fewer ready than wanted, a condition that is False.
 */
export function troubledCells(cells: readonly string[]): readonly number[] {
  return cells.flatMap((cell, index) => (isTroubled(cell) ? [index] : []));
}

const TROUBLE =
  /^(?:Init:)?(?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|Error|OOMKilled|CreateContainer\w*Error|RunContainerError|Evicted|Failed|Unknown|ContainerStatusUnknown|NotReady\S*|not-ready|invalid|Lost|Warning)$/;

function isTroubled(cell: string): boolean {
  if (TROUBLE.test(cell)) return true;
  const ready = /^(\d+)\/(\d+)$/.exec(cell);
  return ready !== null && Number(ready[1]) < Number(ready[2]);
}
