import type { Engagement } from '../engagement.ts';
import { compileJourney, type CompiledJourney } from './graph.ts';

/** A journey that people enter and move in now. */
export interface RunningJourney extends CompiledJourney {
  id: string;
  version: number;
  enrolledComputation: number;
}

export async function runningJourneys({ stores }: Engagement): Promise<RunningJourney[]> {
  const rows = await stores.records
    .selectFrom('journeys')
    .innerJoin('journey_versions', join =>
      join
        .onRef('journey_versions.journey_id', '=', 'journeys.id')
        .onRef('journey_versions.version', '=', 'journeys.version'),
    )
    .select(['journeys.id', 'journeys.version', 'enrolled_computation', 'graph'])
    .where('state', '=', 'running')
    .orderBy('started_at')
    .execute();
  return rows.map(({ id, version, enrolled_computation, graph }) => ({
    ...compileJourney(graph),
    ...{ id, version, enrolledComputation: enrolled_computation },
  }));
}
