/** A sentence of the dictionary in which <b> marks what the eye should find first. Nothing else is read as markup. */
export function Rich({ text }: { text: string }) {
  return text
    .split(/<b>(.*?)<\/b>/g)
    .map((part, index) => (index % 2 === 1 ? <b key={index}>{part}</b> : part));
}
