/** A node image by what differs between two of them: `AKSUbuntu-2204gen2containerd-202611.04.0` → `202611.04.0`. */
export function shortImage(image: string): string {
  const version = /-(\d{6}\.\d+\.\d+(?:\.\d+)?)$/.exec(image)?.[1];
  return version ?? image;
}

/** The same for every image named in a text. */
export function shortenImages(text: string): string {
  return text.replace(/\bAKS[\w-]*?-(\d{6}\.\d+\.\d+(?:\.\d+)?)/g, '$1');
}
