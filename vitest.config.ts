import { defineConfig } from 'vitest/config';

// One pair of engines serves the whole run; each test file makes databases of its own in it
// (`@bellwether/testing`). Long proofs (`*.long.test.ts`) run under `npm run test:long` only.
const long = process.env['TEST_LONG'] === '1';

export default defineConfig({
  test: {
    include: [
      long ? '{packages,scripts,bench}/**/*.long.test.ts' : '{packages,scripts,bench}/**/*.test.{ts,tsx}',
    ],
    exclude: ['**/node_modules/**', '**/dist/**', ...(long ? [] : ['**/*.long.test.ts'])],
    globalSetup: ['packages/testing/src/global-setup.ts'],
    testTimeout: long ? 1_200_000 : 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
