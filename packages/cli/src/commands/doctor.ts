import { AppError } from '@bellwether/contracts';
import type { Context } from '../context.ts';
import {
  checkClock,
  checkDisk,
  checkFolder,
  checkMemory,
  checkNode,
  checkPlatform,
  checkPort,
  checkSecrets,
  type Finding,
} from '../doctor/checks.ts';
import { checkEngines } from '../doctor/engines.ts';

const CHECKS = [
  checkNode,
  checkPlatform,
  checkMemory,
  checkDisk,
  checkFolder,
  checkSecrets,
  checkPort,
  checkClock,
];

/** @throws AppError `doctor.faults` when a check failed */
export async function doctorCommand(context: Context): Promise<void> {
  const { settings } = context.read();
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    const { check, state, found, todo } = finding;
    const line = `${state.padEnd(5)} ${check.padEnd(12)} ${found}`;
    context.output.tell('check', finding, line, ...(todo === '' ? [] : [`${' '.repeat(19)}→ ${todo}`]));
  };
  for (const check of CHECKS) tell(await check(settings));
  const folder = findings.find(({ check, state }) => check === 'data folder' && state === 'fail');
  if (folder === undefined) for (const finding of await checkEngines(context)) tell(finding);
  const failed = findings.filter(({ state }) => state === 'fail').map(({ check }) => check);
  if (failed.length > 0) throw new AppError('doctor.faults', `not in order: ${failed.join(', ')}`);
}
