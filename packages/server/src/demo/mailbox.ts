import type { Market, Reading } from '@bellwether/simulator';

/** A mail as the sink received it. */
export interface SentMail {
  to: string;
  html: string;
}

const LINK = /href="([^"]*\/(?:c|u)\/[^"]+)"|src="([^"]*\/o\/[^"]+)"/g;

interface Links {
  open?: string;
  click?: string;
  unsubscribe?: string;
}

/** Lets each customer read the mail that came: those who open it load its picture, click, or unsubscribe, over HTTP. */
export async function readMails(market: Market, mails: readonly SentMail[]): Promise<void> {
  const byAddress = new Map(market.people.map(person => [person.face.email, person.face.userId]));
  for (const mail of mails) {
    const userId = byAddress.get(mail.to);
    if (userId !== undefined) await follow(market.receive(userId), linksOf(mail.html));
  }
}

/** The tracked links of a mail: its open pixel, its first link to the shop, its unsubscribe link. */
export function linksOf(html: string): Links {
  const links: Links = {};
  for (const [, href, src] of html.matchAll(LINK)) {
    if (src !== undefined) links.open ??= decoded(src);
    else if (href?.includes('/u/')) links.unsubscribe ??= decoded(href);
    else if (href !== undefined) links.click ??= decoded(href);
  }
  return links;
}

function decoded(url: string): string {
  return url.replaceAll('&amp;', '&');
}

async function follow(reading: Reading, links: Links): Promise<void> {
  if (reading.opens && links.open !== undefined) await visit(links.open);
  if (reading.clicks && links.click !== undefined) await visit(links.click);
  if (reading.unsubscribes && links.unsubscribe !== undefined) await visit(links.unsubscribe, 'POST');
}

/** A link leads to the shop, which is not there in the demo: the answer is not followed. */
async function visit(url: string, method: 'GET' | 'POST' = 'GET'): Promise<void> {
  const answer = await fetch(url, { method, redirect: 'manual' });
  await answer.arrayBuffer();
}
