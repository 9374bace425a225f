import { AppError } from '@bellwether/contracts';
import type { Scenario } from '@bellwether/pipeline';
import { scenarios } from '@bellwether/scenarios';

/** @throws AppError `scenario.unknown`, naming those that there are */
export function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find(candidate => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const known = scenarios.map(candidate => candidate.name).join(', ');
  throw new AppError('scenario.unknown', `there is no scenario "${name}"; there is ${known}`);
}
