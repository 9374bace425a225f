import type { FastifyInstance } from 'fastify';

/** antd writes styles into the page; frames are previews of mails, without scripts. */
const CONSOLE = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: https:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self' blob: data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** The page of the API reference starts itself by a script in the page. */
const REFERENCE = CONSOLE.replace("script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'");

/** Headers of every answer. */
export function secureHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.setHeader('x-request-id', request.id);
    reply.raw.setHeader('x-content-type-options', 'nosniff');
  });
  app.addHook('onSend', async (request, reply) => {
    const type = String(reply.getHeader('content-type') ?? '');
    // a page that brings a policy of its own is stricter
    if (!type.startsWith('text/html') || reply.hasHeader('content-security-policy')) return;
    reply.header('content-security-policy', request.url.startsWith('/docs') ? REFERENCE : CONSOLE);
    reply.header('x-frame-options', 'DENY');
    reply.header('referrer-policy', 'same-origin');
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  });
}
