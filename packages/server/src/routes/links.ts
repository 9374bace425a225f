import { trackedLinks, type LinkHandler } from '@bellwether/engagement';
import type { FastifyInstance } from 'fastify';
import type { Installation } from '../installation.ts';

interface Tracked {
  Params: { token: string };
}

/** The links of mails: opened, clicked, unsubscribe. Whoever reads a mail is not signed in. */
export function mountLinks(app: FastifyInstance, { engagement }: Installation): void {
  const links = trackedLinks(engagement);
  // mailboxes unsubscribe for their user by a form post (RFC 8058) whose content says nothing new
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 4096 }, (_, body, done) => done(null, body));
  const mount = (method: 'GET' | 'POST', url: string, handle: LinkHandler): void => {
    app.route<Tracked>({
      method,
      url,
      schema: { hide: true },
      handler: async (request, reply) => {
        const acceptLanguage = request.headers['accept-language'] ?? '';
        const { status, headers, body } = await handle({ token: request.params.token, acceptLanguage });
        return reply.code(status).headers(headers).send(body);
      },
    });
  };
  mount('GET', '/o/:token', links.open);
  mount('GET', '/c/:token', links.click);
  mount('GET', '/u/:token', links.unsubscribePage);
  mount('POST', '/u/:token', links.unsubscribe);
}
