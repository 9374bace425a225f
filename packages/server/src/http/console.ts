import fastifyStatic from '@fastify/static';
import { AppError } from '@bellwether/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { problemOf, sendProblem } from './problems.ts';

const YEAR = 31_536_000;

/**
 * Serves the console's build. Names with a hash in them never change; every other path that a browser asks for as a page
 * is the console's own affair, so it gets the one page.
 */
export async function serveConsole(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder !== undefined)
    await app.register(fastifyStatic, {
      root: folder,
      index: 'index.html',
      cacheControl: false,
      setHeaders(reply, path) {
        const hashed = path.startsWith(join(folder, 'assets'));
        reply.header('cache-control', hashed ? `public, max-age=${YEAR}, immutable` : 'no-cache');
      },
    });
  app.setNotFoundHandler(async (request, reply) => {
    if (folder !== undefined && wantsPage(request) && existsSync(join(folder, 'index.html')))
      return reply.sendFile('index.html');
    const unknown = new AppError(
      'request.unknown_path',
      `there is nothing at ${request.method} ${pathOf(request)}`,
    );
    sendProblem(reply, problemOf(unknown, request));
    return reply;
  });
}

function wantsPage(request: FastifyRequest): boolean {
  if (request.method !== 'GET' || pathOf(request).startsWith('/v1/')) return false;
  return request.headers.accept?.includes('text/html') ?? false;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}
