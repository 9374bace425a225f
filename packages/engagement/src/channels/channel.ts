import type { ConsentChannel } from '@bellwether/contracts';

/** A message as a channel carries it, to one person. */
export interface OutgoingMessage {
  /** Unique for ever; the channel passes it on, so that the far end can tell a repetition. */
  key: string;
  to: { name: string; address: string };
  subject: string;
  html: string;
  text: string;
  /** One-click unsubscription, where the channel has such a header. */
  unsubscribeUrl: string;
}

/**
 * What became of a message. `sent`: the other side took it over. `retry`: certainly not taken over, later it may be.
 * `failed`: refused for good; with `badAddress` the address itself is at fault. `unknown`: it may have been taken over.
 */
export type Outcome =
  | { state: 'sent' }
  | { state: 'retry'; reason: string }
  | { state: 'failed'; reason: string; badAddress: boolean }
  | { state: 'unknown'; reason: string };

/** A way to reach people. `send` answers, it does not throw. */
export interface Channel {
  readonly name: ConsentChannel;
  send(message: OutgoingMessage): Promise<Outcome>;
  close(): Promise<void>;
}
