/** Who waits for the answer to one key. */
interface Waiting<Answer> {
  answer: (found: Answer | undefined) => void;
  fail: (error: unknown) => void;
}

/**
 * Asks about many keys in one question: keys that come while a question is under way are asked together after it. Under
 * load the questions grow, and their number does not.
 *
 * @param ask answers some of the keys
 * @param most keys in one question
 * @example
 * const rows = new Batch(keys => readRows(keys), 200);
 * await Promise.all([rows.get('a'), rows.get('b')]); // two questions, whatever else comes meanwhile
 */
export class Batch<Answer> {
  readonly #ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>;
  readonly #most: number;
  #waiting = new Map<string, Waiting<Answer>[]>();
  #asking = false;

  constructor(ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Answer>>, most: number) {
    this.#ask = ask;
    this.#most = most;
  }

  /** Nothing where there is no answer to this key. */
  get(key: string): Promise<Answer | undefined> {
    return new Promise((answer, fail) => {
      const same = this.#waiting.get(key);
      if (same === undefined) this.#waiting.set(key, [{ answer, fail }]);
      else same.push({ answer, fail });
      if (!this.#asking) void this.#askAll();
    });
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    while (this.#waiting.size > 0) await this.#askSome();
    this.#asking = false;
  }

  async #askSome(): Promise<void> {
    const some = [...this.#waiting].slice(0, this.#most);
    some.forEach(([key]) => this.#waiting.delete(key));
    try {
      const answers = await this.#ask(some.map(([key]) => key));
      for (const [key, waiting] of some) waiting.forEach(({ answer }) => answer(answers.get(key)));
    } catch (error) {
      for (const [, waiting] of some) waiting.forEach(({ fail }) => fail(error));
    }
  }
}
