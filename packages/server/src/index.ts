import type { Literature } from './recommendation/literature.ts';
import type { InstallationOptions, Installation } from './installation.ts';
import type { Server, ServerOptions } from './server.ts';
import type { Settings } from './settings.ts';
import type { Milliseconds, ModelVersion, Work } from '@bellwether/contracts';

export { builtConsole } from './console-build.ts';
export { DemoClock } from './clock.ts';
export { demoStart } from './demo/index.ts';
export { readRun, type Run } from './folder.ts';
export {
  describeSettings,
  readSettings,
  ROOT,
  type ReadSettings,
  type SettingLine,
  type Settings,
} from './settings.ts';
export { VERSION } from './version.ts';
export type { LoopResult, Turn } from './loop/loop.ts';
export type { Installation, InstallationOptions, Server, ServerOptions };

// what starts engines and mounts routes is loaded when it is called: a command that asks a running server has no use for it

/** See `server.ts`. */
export async function startServer(settings: Settings, options?: ServerOptions): Promise<Server> {
  return (await import('./server.ts')).startServer(settings, options);
}

/** See `installation.ts`. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  return (await import('./installation.ts')).openInstallation(options);
}

/**
 * Learns a version of a scenario from what came before a moment, and tests it on everything after it.
 *
 * @throws AppError `scenario.unknown`, `scenario.not_ready`
 */
export async function trainUntil(
  { stores }: Installation,
  scenario: string,
  until: Milliseconds,
): Promise<ModelVersion> {
  const { scenarioNamed } = await import('./read/scenario.ts');
  return scenarioNamed(scenario).train(stores, { until });
}

/** See `recommendation/literature.ts`. */
export async function evaluateFiles(files: readonly string[], work?: Work): Promise<Literature | undefined> {
  return (await import('./recommendation/literature.ts')).evaluateFiles(files, work);
}
