import { expect, test } from 'vitest';
import { ANSWERS, ROUTES } from './fixture-server.ts';

test.each(ROUTES.map(route => [`${route.method} ${route.path}`, route] as const))(
  'the fixture of %s is what the contract promises',
  (name, route) => {
    const parsed = route.reply.safeParse(ANSWERS[name]);
    expect(parsed.error?.issues ?? []).toEqual([]);
  },
);
