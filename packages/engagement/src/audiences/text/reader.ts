import { badText, calledOf, type Token } from './tokens.ts';

const DEEPEST = 50;

/** Has state: how far it has read. Each `take…` moves on or says what it wanted instead. */
export class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get token(): Token {
    return this.#tokens[this.#next]; // the last token is the end, and nothing moves past it
  }

  /** Whether these words follow. */
  sees(...words: string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.#tokens[this.#next + ahead];
      return (
        (token?.kind === 'word' && token.word === word) || (token?.kind === 'sign' && token.sign === word)
      );
    });
  }

  /** Moves over these words if they follow. */
  accepts(...words: string[]): boolean {
    if (!this.sees(...words)) return false;
    this.#next += words.length;
    return true;
  }

  takes(...words: string[]): void {
    if (!this.accepts(...words)) throw this.wanted(`“${words.join(' ')}”`);
  }

  /** Reads something that stands inside something. */
  inside<T>(read: () => T): T {
    if (++this.#depth > DEEPEST) throw badText(this.token.at, `this nests deeper than ${DEEPEST} conditions`);
    const found = read();
    this.#depth--;
    return found;
  }

  takeText(what: string): string {
    const { token } = this;
    if (token.kind !== 'text') throw this.wanted(`${what} in quotes`);
    this.#next++;
    return token.text;
  }

  takeNumber(what: string): number {
    const { token } = this;
    if (token.kind !== 'number') throw this.wanted(what);
    this.#next++;
    return token.number;
  }

  /** A word that is one of these. */
  takeOneOf<Word extends string>(words: readonly Word[]): Word | undefined {
    const found = words.find(word => this.sees(word));
    if (found !== undefined) this.#next++;
    return found;
  }

  takeEnd(): void {
    if (this.token.kind !== 'end') throw this.wanted('“and”, “or” or the end');
  }

  wanted(what: string): Error {
    return badText(this.token.at, `${what} should stand here, not ${calledOf(this.token)}`);
  }
}
