import { AppError, SECOND, sentenceOf, type Milliseconds } from '@bellwether/contracts';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How long open requests may take to end once the door closes. */
const CLOSE_LIMIT: Milliseconds = 5 * SECOND;

/** The listening socket. It is taken before the engines start, so that a port in use is found out at once. */
export interface Door {
  /** `http://127.0.0.1:4600`, as a program on this machine reaches it. */
  url: string;
  /** From now on requests go to this listener; before, they are told that the server is starting. */
  open: (listener: RequestListener) => void;
  close: () => Promise<void>;
}

/**
 * Listens.
 *
 * @throws AppError `server.port_in_use`, `server.cannot_listen`
 */
export async function openDoor(host: string, port: number): Promise<Door> {
  let listener: RequestListener = starting;
  const server = createServer({ keepAliveTimeout: 72 * SECOND }, (request, response) =>
    listener(request, response),
  );
  await listening(server, host, port);
  // it listens on a port, not on a socket's path
  const address = server.address() as AddressInfo;
  return {
    url: `http://${reachable(host)}:${address.port}`,
    open: next => {
      listener = next;
    },
    close: () => closed(server),
  };
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(cannotListen(error, host, port)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(error: Error, host: string, port: number): AppError {
  if ('code' in error && error.code === 'EADDRINUSE')
    return new AppError(
      'server.port_in_use',
      `port ${port} is in use; stop what uses it, or choose another with BELLWETHER_PORT or --port`,
      { cause: error },
    );
  return new AppError('server.cannot_listen', `cannot listen on ${host}:${port}: ${sentenceOf(error)}`, {
    cause: error,
  });
}

function reachable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

/** Browsers look again by themselves, clients after the second they are told. */
const starting: RequestListener = (request, response) => {
  const alive = request.url === '/healthz';
  const page = request.headers.accept?.includes('text/html') ?? false;
  response.writeHead(alive ? 200 : 503, {
    'retry-after': '1',
    'content-type': page ? 'text/html' : 'application/json',
    ...(page ? { refresh: '1' } : {}),
  });
  const waiting = {
    code: 'server.starting',
    status: 503,
    title: 'Service Unavailable',
    detail: 'the server is starting',
  };
  response.end(
    page ? '<!doctype html><title>Bellwether</title><p>Starting … / 正在启动 …' : JSON.stringify(waiting),
  );
};

async function closed(server: Server): Promise<void> {
  const ended = new Promise<void>(done => server.close(() => done()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT);
  await ended;
  clearTimeout(late);
}
