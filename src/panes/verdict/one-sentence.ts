/** `a may not be listed`, `b may not be listed` as one: `a and b may not be listed`. Others stay as they are. */
export function oneSentence(sentences: readonly string[]): readonly string[] {
  const groups = Map.groupBy(sentences, (sentence) => PARTS.exec(sentence)?.[2] ?? sentence);
  return [...groups].map(([what, alike]) => {
    const [first = '', ...others] = alike;
    if (others.length === 0) return first;
    const names = alike.map((sentence) => PARTS.exec(sentence)?.[1] ?? sentence);
    return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} ${what}`;
  });
}

/** What cannot be looked at is told source by source; what is wrong with many of them is most often one thing. */
const PARTS = /^(.+?) ((?:may|are|could) .*)$/;
