/** A value with the part marked in which it differs from the other: what both begin and end with is left as it is. */
export function Differing({ text, from }: { text: string; from: string }) {
  if (text === '') return <span className="quiet">–</span>;
  if (text === from || from === '') return text;
  const [mine, other] = [Array.from(text), Array.from(from)];
  const start = mine.findIndex((letter, at) => letter !== other[at]);
  const begin = start < 0 ? mine.length : start;
  let end = 0;
  const longest = Math.min(mine.length, other.length) - begin;
  while (end < longest && mine[mine.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return (
    <>
      {mine.slice(0, begin).join('')}
      <mark>{mine.slice(begin, mine.length - end).join('')}</mark>
      {mine.slice(mine.length - end).join('')}
    </>
  );
}
