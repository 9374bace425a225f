/**
 * The plain-text twin of a mail's HTML: what is read, with addresses beside their words. Liquid is left as it stands.
 *
 * @example
 * textOf('<body><p>Hello {{ customer.name }}</p><a href="https://shop.example">Shop</a></body>')
 * // 'Hello {{ customer.name }}\nShop: https://shop.example'
 */
export function textOf(html: string): string {
  const liquid: string[] = [];
  const kept = html.replaceAll(/\{\{.*?\}\}|\{%.*?%\}/gs, token => `\uE000${liquid.push(token) - 1}\uE001`);
  const body = /<body[^>]*>(.*)<\/body>/s.exec(kept)?.[1] ?? kept;
  const text = body
    .replaceAll(/<!--.*?-->|<(style|script|title)\b.*?<\/\1>/gs, '')
    .replaceAll(/<img\b[^>]*?\balt="([^"]*)"[^>]*>/gs, '$1')
    .replaceAll(/<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)<\/a>/gs, (_, url: string, words: string) =>
      linkOf(url, words),
    )
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/<br\b[^>]*>|<\/(p|div|tr|table|h[1-6]|li|ul|ol)>/g, '\n')
    .replaceAll(/<[^>]*>/g, '');
  const lines = decode(text)
    .split('\n')
    .map(line => line.trim())
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
  return lines.replaceAll(/\uE000(\d+)\uE001/g, (_, index: string) => liquid[Number(index)] ?? '');
}

function linkOf(url: string, words: string): string {
  const label = words.replaceAll(/<[^>]*>/g, '').trim();
  return label === '' || label === url ? url : `${label}: ${url}`;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** Character references as characters; those that MJML and people write, others stay. */
export function decode(html: string): string {
  return html.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? whole;
    const code = typeof decimal === 'string' ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
