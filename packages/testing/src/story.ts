import { test } from 'vitest';

/** A story is a behaviour in three lines that a marketer could read. */
export interface Story<Given, Result> {
  given: () => Given | Promise<Given>;
  when: (given: Given) => Result | Promise<Result>;
  then: (result: Result, given: Given) => void | Promise<void>;
}

/**
 * @example
 * story('a customer who unsubscribed gets no mail', { given: () => …, when: market => …, then: mails => expect(mails).toEqual([]) });
 */
export function story<Given, Result>(
  name: string,
  { given, when, then }: Story<Given, Result>,
  timeout?: number,
): void {
  test(
    name,
    async () => {
      const start = await given();
      await then(await when(start), start);
    },
    timeout,
  );
}
