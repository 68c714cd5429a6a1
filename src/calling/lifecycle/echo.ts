import { type Call, fact } from '#calling/call/call.js';
import type { CallFact, Contact } from '#dialog360/fact.js';
import { addressesOf, type Person } from '#identity/person.js';
import { SECOND } from '#kernel/clock.js';

/**
 * Whether a webhook that returns our opaque data reports the dial of this call. The data alone proves nothing: a user's call
 * returns the payload of the button that they tapped, which may be the id of a call of ours.
 * @param person the user of the call; undefined for one who is erased
 */
export function reportsDial(call: Call, person: Person | undefined, reported: CallFact): boolean {
  if (!awaitsWacid(call) || reported.direction === 'inbound') return false;
  if (reported.kind === 'call.connect' && reported.session?.sdp_type === 'offer') return false;
  const same = isSameUser(person, reported.contact);
  return reported.direction === 'outbound' ? same !== false : same === true;
}

/** Whether the call was dialled, and Meta may have taken the dial under a wacid that is unknown here. */
const awaitsWacid = ({ direction, wacid, facts }: Call): boolean =>
  direction === 'outbound' && wacid === null && fact(facts, 'dialing') !== undefined && fact(facts, 'dial.refused') === undefined;

/** How far Meta's clock may be behind ours. */
const BEHIND_MS = 10 * SECOND;

/**
 * Whether a webhook that returns no data of ours may report the dial of this call to its user. Another app may call the same user
 * from our number: its webhooks return its own data, or tell of a time before our dial.
 * @param at when Meta says that it happened, in ms since 1970
 */
export function mayReportDial(call: Call, reported: CallFact, at: number): boolean {
  if (!awaitsWacid(call) || reported.opaque !== null) return false;
  const talkedFrom = reported.kind === 'call.terminate' ? reported.startTime : null;
  return Math.min(at, talkedFrom ?? at) >= (fact(call.facts, 'dialing')?.at ?? 0) - BEHIND_MS;
}

/** Null when neither an address that both share nor two different ones of one kind decide it. */
function isSameUser(person: Person | undefined, contact: Contact | null): boolean | null {
  if (!person || !contact) return null;
  const known = new Set(addressesOf(person));
  if (addressesOf(contact).some((address) => known.has(address))) return true;
  const differ = (['waId', 'userId'] as const).some((name) => person[name] !== null && contact[name] !== null);
  return differ ? false : null;
}
