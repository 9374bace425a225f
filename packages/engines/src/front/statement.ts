import { HttpException } from './exception.ts';

export interface Statement {
  sql: string;
  /** Its first word, in capitals; empty when there is none. */
  verb: string;
  /** Every format that it names. */
  formats: readonly string[];
}

const OPENING = /['"`]|--|#[ !]|\/\*|\$\w*\$/g;

/**
 * Reads off a statement what the front must know to run it; ClickHouse itself does the parsing.
 *
 * @throws HttpException 62 when a second statement follows: one request is one statement, as on ClickHouse's own server
 */
export function readStatement(text: string): Statement {
  const bare = blanked(text);
  const end = bare.indexOf(';');
  if (end >= 0 && /[^;\s]/.test(bare.slice(end)))
    throw new HttpException(400, 62, 'Syntax error (Multi-statements are not allowed)', 'SYNTAX_ERROR');
  return {
    sql: end < 0 ? text : text.slice(0, end),
    verb: /^[\s(]*(\w+)/.exec(bare)?.[1]?.toUpperCase() ?? '',
    formats: [...bare.matchAll(/\bFORMAT\s+(\w+)/gi)].map(match => match[1] ?? ''),
  };
}

/** The same text, as long, with blanks in place of what is quoted or a comment. */
export function blanked(text: string): string {
  let bare = '';
  for (let at = 0; ;) {
    OPENING.lastIndex = at;
    const found = OPENING.exec(text);
    if (found === null) return bare + text.slice(at);
    const end = endOf(text, found[0], found.index + found[0].length);
    bare += text.slice(at, found.index) + ' '.repeat(end - found.index);
    at = end;
  }
}

/** Where the quoted text or the comment that `opener` began ends. */
function endOf(text: string, opener: string, from: number): number {
  if (opener === '/*') return after(text, '*/', from);
  if (opener === '--' || opener.startsWith('#')) return after(text, '\n', from);
  if (opener.startsWith('$')) return after(text, opener, from);
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === opener) return at + 1;
  }
  return text.length;
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at + mark.length;
}

/** A value as a string literal of ClickHouse's. */
export function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\0', '\\0')}'`;
}

/** A name as a quoted identifier. */
export function quoted(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}
