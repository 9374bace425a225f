import type { ConsentChannel } from '@bellwether/contracts';
import { domainToASCII } from 'node:url';

// RFC 5321's limits; quoted local parts and address literals are not accepted: no shop mails them
const LOCAL = /^[^\s@<>()[\]\\,;:"\p{Cc}]{1,64}$/u;
const DOMAIN = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/**
 * One spelling for each address, so that a suppression holds however the address was written.
 *
 * @returns the normalised address, or nothing where it is none
 * @example
 * normaliseAddress('email', ' Ann.Lee@Example.COM ') // 'ann.lee@example.com'
 * normaliseAddress('sms', '+86 139-1234-5678')       // '+8613912345678'
 */
export function normaliseAddress(channel: ConsentChannel, address: string): string | undefined {
  if (channel === 'email') return normaliseEmail(address);
  if (channel === 'sms') return normalisePhone(address);
  return address.trim() || undefined;
}

function normaliseEmail(address: string): string | undefined {
  const text = address.normalize('NFKC').trim().toLowerCase();
  const cut = text.lastIndexOf('@');
  if (cut < 1) return undefined;
  const [local, domain] = [text.slice(0, cut), domainToASCII(text.slice(cut + 1))];
  return LOCAL.test(local) && DOMAIN.test(domain) ? `${local}@${domain}` : undefined;
}

function normalisePhone(address: string): string | undefined {
  const text = address.normalize('NFKC').replaceAll(/[^\d+]/g, '');
  return /^\+?\d{5,15}$/.test(text) ? text : undefined;
}
