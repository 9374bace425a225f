import { isAppError, type AppError, type Problem } from '@bellwether/contracts';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { STATUS_CODES } from 'node:http';

/**
 * HTTP statuses of errors by the pattern of their code; the first that fits counts. What no line knows of is the
 * server's own fault.
 */
const STATUSES: readonly (readonly [RegExp, number])[] = [
  [/^access\.unauthenticated$|^account\.wrong_password$/, 401],
  [/^access\./, 403],
  [/^request\.too_many$/, 429],
  [/too_large$/, 413],
  [/^collection\.(not_json|not_an_object|invalid_field)$/, 400],
  [/^request\.media_type$/, 415],
  [/^request\.unknown_path$/, 404],
  [/^request\./, 400],
  [/\.(unreachable|closed|journal_failed|backlogged|starting|server_stopping)$/, 503],
  [/^(warehouse|records|engines|internal)\./, 500],
  [/\.(unknown|not_found|no_such_\w+|no_version)$/, 404],
  [/\.(in_use|not_a_draft|bad_turn|already_\w+|not_ready|not_done|no_champion|bad_version|running)$/, 409],
  [/./, 422],
];

const FASTIFY_CODES: Readonly<Record<number, string>> = {
  413: 'request.too_large',
  415: 'request.media_type',
  429: 'request.too_many',
};

/** Installs RFC 9457 answers for every failure, whatever threw it. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const problem = problemOf(error, request);
    if (problem.status >= 500)
      request.log.error({ err: error, route: request.routeOptions.url, request: request.id }, problem.code);
    sendProblem(reply, problem);
  });
}

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.status === 503) reply.header('retry-after', '1');
  // the serializer of a route knows its replies, not this one
  const text = JSON.stringify(problem);
  reply.code(problem.status).type('application/problem+json').serializer(String).send(text);
}

export function problemOf(error: unknown, request: FastifyRequest): Problem {
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error, request);
  if (isAppError(error)) return appProblem(error, request);
  const status = statusOf(error);
  if (status === undefined || status >= 500) return internal(request);
  const code = FASTIFY_CODES[status] ?? 'request.malformed';
  return problem(
    status,
    code,
    error instanceof Error ? error.message : 'the request could not be read',
    request,
  );
}

/** What status an error of ours answers with. */
export function statusOfCode(code: string): number {
  return STATUSES.find(([pattern]) => pattern.test(code))?.[1] ?? 500;
}

function appProblem(error: AppError, request: FastifyRequest): Problem {
  const status = statusOfCode(error.code);
  // the sentences of the engines name tables, statements and addresses
  const own = status < 500 || !/^(warehouse|records|engines|internal)\./.test(error.code);
  return own ? problem(status, error.code, error.message, request) : internal(request, error.code, status);
}

function internal(request: FastifyRequest, code = 'internal.fault', status = 500): Problem {
  const detail = `the server could not do this; its log tells why under request ${request.id}`;
  return problem(status, code, detail, request);
}

function invalidRequest(
  error: { validation: ValidationIssue[]; validationContext?: string | undefined },
  request: FastifyRequest,
): Problem {
  const where = error.validationContext ?? 'request';
  const errors = error.validation.map(issue => ({
    path: [where, ...issue.instancePath.split('/').filter(Boolean)].join('.'),
    message: issue.message ?? 'is wrong',
  }));
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return { ...problem(400, 'request.invalid', detail, request), errors };
}

interface ValidationIssue {
  instancePath: string;
  message?: string;
}

function problem(status: number, code: string, detail: string, request: FastifyRequest): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, detail, code, instance: `urn:request:${request.id}` };
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
