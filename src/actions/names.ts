/** `shop/web-1, shop/db-0 and 11 more`. */
export function someOf(names: readonly string[], most = 3): string {
  const [shown, rest] = [names.slice(0, most), names.length - most];
  if (rest <= 0) return shown.join(', ');
  return `${shown.join(', ')} and ${rest.toLocaleString('en-US')} more`;
}

/** `1 pod`, `2 policies`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
