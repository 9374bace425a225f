export { builtConsole } from './console-build.ts';
export { DemoClock } from './clock.ts';
export { DEMO_PLAN, demoStart, runDemo } from './demo/index.ts';
export { demoStage } from './demo-stage.ts';
export { readRun, type Run } from './folder.ts';
export { openInstallation, type Installation, type InstallationOptions } from './installation.ts';
export type { LoopResult, Turn } from './loop/loop.ts';
export { startServer, type Server, type ServerOptions } from './server.ts';
export {
  describeSettings,
  readSettings,
  ROOT,
  type ReadSettings,
  type SettingLine,
  type Settings,
} from './settings.ts';
export { VERSION } from './version.ts';
