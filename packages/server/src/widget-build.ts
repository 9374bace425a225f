import { AppError, sentenceOf } from '@bellwether/contracts';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from './settings.ts';

export interface BuiltWidget {
  script: string;
  /** Changes with the script. */
  tag: string;
}

let built: Promise<BuiltWidget> | undefined;

/**
 * The widget as one script for any page, made of the sdk at the first request and kept.
 *
 * @throws AppError `console.build_failed`
 */
export function builtWidget(): Promise<BuiltWidget> {
  built ??= bundle().catch((error: unknown) => {
    built = undefined;
    throw new AppError('console.build_failed', `the widget could not be built: ${sentenceOf(error)}`, {
      cause: error,
    });
  });
  return built;
}

async function bundle(): Promise<BuiltWidget> {
  // needed once, by servers whose pages show the widget
  const { build } = await import('vite');
  const result = await build({
    ...{ root: join(ROOT, 'packages/sdk'), configFile: false, logLevel: 'silent', publicDir: false },
    build: {
      ...{ write: false, minify: true, target: 'es2020', modulePreload: false },
      lib: { entry: 'src/widget-page.ts', formats: ['iife'], name: 'bellwether', fileName: 'widget' },
    },
  });
  const [first] = Array.isArray(result) ? result : [result];
  const chunk = 'output' in first ? first.output[0] : undefined;
  if (chunk === undefined) throw new AppError('console.build_failed', 'the build of the widget made nothing');
  return { script: chunk.code, tag: `"${createHash('sha256').update(chunk.code).digest('base64url')}"` };
}
