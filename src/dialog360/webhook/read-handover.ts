import type { Contact, Element, ThreadHolder } from '#dialog360/fact.js';
import { type JsonRecord, record, text, unixTime } from '#kernel/read.js';
import { digest, elementOf, isNobody, readContact, unknownElement, type WebhookChange } from './change.js';

/**
 * A change of the field `messaging_handovers`; undefined for every other. The user is the `sender`, the number the `recipient`.
 * Meta's page names roles, deliveries of summer 2026 only the role of the app before: both are read.
 * @see https://docs.360dialog.com/docs/mba/webhooks (2026-11-28)
 */
export function readHandover(change: WebhookChange): Element[] | undefined {
  if (change.field !== 'messaging_handovers') return undefined;
  const { value } = change;
  const contact = senderOf(record(value.sender) ?? {});
  if (contact === null) return [unknownElement(change, value, 'handover')];
  const identity = { id: digest(value), event: 'handover', at: unixTime(value.timestamp) ?? change.entryTime };
  return [elementOf(change, identity, { kind: 'thread.passed', contact, holder: holderOf(record(value.control_passed) ?? {}) })];
}

function senderOf(sender: JsonRecord): Contact | null {
  const contact = readContact({ ...sender, wa_id: sender.wa_id ?? sender.phone_number });
  return isNobody(contact) ? null : contact;
}

const AGENT = /^(ai_agent|meta_business_agent)$/i;

/** The new role when it is named. Who got the thread from the agent is the business; who got it from anybody else is not known. */
function holderOf(passed: JsonRecord): ThreadHolder | null {
  const role = text(passed.new_owner_role);
  if (role !== undefined) return AGENT.test(role) ? 'agent' : 'business';
  const before = [passed.previous_owner_role, passed.previous_owner_app_role, record(passed.previous_owner)?.app_role];
  return before.some((one) => AGENT.test(text(one) ?? '')) ? 'business' : null;
}
