import { AppError } from '@bellwether/contracts';

/**
 * A sender as people write it: `Shop <hello@shop.example>`, or the address alone.
 *
 * @throws AppError `settings.invalid`
 */
export function addressOf(text: string): { name: string; address: string } {
  const [, name = '', bracketed] = /^([^<>]*?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(text.trim()) ?? [];
  const address = bracketed ?? text.trim();
  if (/^[^\s@<>]+@[^\s@<>]+$/.test(address)) return { name: name.replaceAll('"', ''), address };
  throw new AppError(
    'settings.invalid',
    `MAIL_FROM should be like "Shop <hello@shop.example>"; it is "${text}"`,
  );
}
