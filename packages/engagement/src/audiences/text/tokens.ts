import { AppError } from '@bellwether/contracts';

/** A piece of a typed definition, and where it begins. */
export type Token = { at: number } & (
  | { kind: 'word'; word: string }
  | { kind: 'text'; text: string }
  | { kind: 'number'; number: number }
  | { kind: 'sign'; sign: string }
  | { kind: 'end' }
);

const PIECES =
  /\s+|(?<text>"(?:[^"\\]|\\.)*")|(?<number>-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<word>\p{L}[\p{L}\p{N}_]*)|(?<sign>>=|<=|[(),%])/uy;

/**
 * Cuts a typed definition into words, quoted texts, numbers and signs.
 *
 * @throws AppError `audience.bad_text` at what is none of these
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < source.length; at = PIECES.lastIndex) {
    PIECES.lastIndex = at;
    const found = PIECES.exec(source);
    if (found === null) throw badText(at, `${JSON.stringify(source.slice(at, at + 12))} is not understood`);
    const token = tokenOf(at, found.groups ?? {});
    if (token !== undefined) tokens.push(token);
  }
  return [...tokens, { at: source.length, kind: 'end' }];
}

function tokenOf(at: number, groups: Partial<Record<string, string>>): Token | undefined {
  const { text, number, word, sign } = groups;
  if (text !== undefined) return { at, kind: 'text', text: unquoted(at, text) };
  if (number !== undefined) return { at, kind: 'number', number: Number(number) };
  if (word !== undefined) return { at, kind: 'word', word: word.toLowerCase() };
  return sign === undefined ? undefined : { at, kind: 'sign', sign };
}

function unquoted(at: number, quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    throw badText(at, `${quoted} is no text: a quote or a backslash inside is written \\" or \\\\`);
  }
}

/** What a token is called in a sentence about it. */
export function calledOf(token: Token): string {
  switch (token.kind) {
    case 'word':
      return `“${token.word}”`;
    case 'text':
      return JSON.stringify(token.text);
    case 'number':
      return String(token.number);
    case 'sign':
      return `“${token.sign}”`;
    case 'end':
      return 'the end';
  }
}

export function badText(at: number, sentence: string): AppError {
  return new AppError('audience.bad_text', `at character ${at + 1}: ${sentence}`, { details: { at } });
}
