import { isbot } from 'isbot';

const REMEMBERED = 10_000;

/** Tells robots by their user agent, and remembers the answer: the pattern costs microseconds, and agents repeat. */
export function botDetector(): (userAgent: string) => boolean {
  const known = new Map<string, boolean>();
  return userAgent => {
    const answer = known.get(userAgent);
    if (answer !== undefined) return answer;
    if (known.size >= REMEMBERED) known.clear();
    const bot = isbot(userAgent);
    known.set(userAgent, bot);
    return bot;
  };
}
