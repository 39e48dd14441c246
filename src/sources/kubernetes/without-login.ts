/** An address without the name and password that may stand before its host, also where it is no proper address. */
export function withoutLogin(address: string): string {
  const bare = address.replace(/^([a-z][a-z\d]*:[/\\]+)?[^/\\?#]*@/i, '$1');
  return URL.canParse(bare) ? bare : bare.slice(bare.lastIndexOf('@') + 1);
}
