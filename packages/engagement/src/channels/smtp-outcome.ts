import { sentenceOf } from '@bellwether/contracts';
import type { Outcome } from './channel.ts';

// RFC 3463: bad destination mailbox, system, syntax, mailbox moved; 5.7.x and others blame us, not the address
const BAD_ADDRESS =
  /\b5\.1\.[0-36]\b|user unknown|no such (user|mailbox)|mailbox unavailable|does not exist/i;

/**
 * What an SMTP error means for the message. A reply of the server is its word: 4xx later, 5xx never. Without a reply
 * (refused connection, lost line) it matters whether the body had begun to leave: then nobody knows.
 */
export function outcomeOf(error: unknown, begun: boolean): Outcome {
  const { code, responseCode, command, response } = smtpPartsOf(error);
  const reason = (response ?? sentenceOf(error)).slice(0, 300);
  if (responseCode !== undefined && responseCode >= 400) return repliedOutcome(responseCode, command, reason);
  if (begun) return { state: 'unknown', reason };
  // found by the client itself: too large for the server, an address that SMTP cannot carry
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { state: 'failed', reason, badAddress: false };
  return { state: 'retry', reason };
}

function repliedOutcome(responseCode: number, command: string | undefined, reason: string): Outcome {
  // a refused greeting or login is ours to mend, and says nothing of the message
  const ofMessage = command === 'MAIL FROM' || command === 'RCPT TO' || command === 'DATA';
  if (responseCode < 500 || !ofMessage) return { state: 'retry', reason };
  return { state: 'failed', reason, badAddress: command === 'RCPT TO' && BAD_ADDRESS.test(reason) };
}

interface SmtpParts {
  code?: string;
  responseCode?: number;
  command?: string;
  response?: string;
}

function smtpPartsOf(error: unknown): SmtpParts {
  // nodemailer adds these to the errors that it makes; each is looked at before it is used
  const { code, responseCode, command, response } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Record<string, unknown>;
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof responseCode === 'number' ? { responseCode } : {}),
    ...(typeof command === 'string' ? { command } : {}),
    ...(typeof response === 'string' ? { response } : {}),
  };
}
