import type {
  AudienceDefinition,
  ConsentChannel,
  ConsentPurpose,
  JourneyGraph,
  JourneyState,
  MessageState,
} from '@bellwether/contracts';
import type { Generated, GeneratedAlways, JSONColumnType } from 'kysely';

export interface AudiencesTable {
  id: string;
  name: string;
  definition: JSONColumnType<AudienceDefinition>;
  size: Generated<number>;
  computation: Generated<number>;
  computed_at: Date | null;
  created_at: Date;
}

export interface TemplatesTable {
  id: string;
  name: string;
  subject: string;
  mjml: string;
  updated_at: Date;
}

export interface JourneysTable {
  id: string;
  name: string;
  state: JourneyState;
  version: number;
  enrolled_computation: Generated<number>;
  created_at: Date;
  started_at: Date | null;
}

export interface JourneyVersionsTable {
  journey_id: string;
  version: number;
  graph: JSONColumnType<JourneyGraph>;
  created_at: Date;
}

export type ArmName = 'treated' | 'holdout';
export type EnrolmentState = 'active' | 'done' | 'exited';

export interface EnrolmentsTable {
  id: GeneratedAlways<number>;
  journey_id: string;
  version: number;
  customer_id: string;
  arm: ArmName;
  node: string;
  visit: Generated<number>;
  state: EnrolmentState;
  due_at: Date;
  entered_at: Date;
  /** Since when they stand on their node. */
  arrived_at: Date;
  /** What they waited for has happened. */
  woken: Generated<boolean>;
  left_because: Generated<LeftBecause>;
  left_at: Date | null;
}

/** Empty while inside, and for the held-out. */
export type LeftBecause = '' | 'exit' | 'goal' | 'exit_when' | 'stopped';

/** Up to when the events were looked at that a node waits for. */
export interface JourneyMarksTable {
  journey_id: string;
  node: string;
  looked_until: Date;
}

export interface JourneyFlowTable {
  id: GeneratedAlways<number>;
  journey_id: string;
  node: string;
  passed: number;
  at: Date;
}

export interface OutboxTable {
  key: string;
  enrolment_id: number;
  journey_id: string;
  node: string;
  channel: ConsentChannel;
  customer_id: string;
  template_id: string;
  dry_run: boolean;
  state: MessageState;
  reason: Generated<string>;
  subject: Generated<string>;
  attempts: Generated<number>;
  due_at: Date;
  claimed_at: Date | null;
  claimed_by: string | null;
  handed_at: Date | null;
  address: Generated<string>;
  sent_at: Date | null;
  created_at: Date;
}

export interface WarehouseFeedTable {
  id: GeneratedAlways<number>;
  target: 'decisions' | 'deliveries' | 'lists';
  content: JSONColumnType<Record<string, unknown>>;
}

export interface ConsentsTable {
  id: GeneratedAlways<number>;
  customer_id: string;
  channel: ConsentChannel;
  purpose: ConsentPurpose;
  state: 'granted' | 'denied';
  source: string;
  proof: string;
  at: Date;
}

export interface SuppressionsTable {
  channel: ConsentChannel;
  address: string;
  reason: string;
  at: Date;
}
