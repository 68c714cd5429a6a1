/**
 * What a restriction does to the calls of one direction: `blocked` refuses them, `hidden` takes the call button away, `unknown` is
 * one of a type that is not known and speaks of calls, `none` leaves them alone.
 */
export type RestrictionEffect = 'blocked' | 'hidden' | 'unknown' | 'none';

type Effects = Readonly<Record<'inbound' | 'outbound', RestrictionEffect>>;

/**
 * The types of restrictions that Meta's pages name, and one that integrators saw.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06-26)
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/account_update (2026-04-20)
 */
const TYPES: Readonly<Record<string, Effects>> = {
  RESTRICTED_BUSINESS_INITIATED_CALLING: { inbound: 'none', outbound: 'blocked' },
  RESTRICTED_USER_INITIATED_CALLING: { inbound: 'blocked', outbound: 'none' },
  RESTRICTED_BIZ_INITIATED_AND_USER_INITIATED_CALLING: { inbound: 'blocked', outbound: 'blocked' },
  RESTRICTED_USER_INITIATED_CALLING_CALL_BUTTON_HIDDEN: { inbound: 'hidden', outbound: 'none' },
};

const UNKNOWN_TYPE: Effects = { inbound: 'unknown', outbound: 'unknown' };
const OTHER_TYPE: Effects = { inbound: 'none', outbound: 'none' };

/** What a restriction of this type does to calls. A type that is not known speaks of calls when its name does. */
export function effectsOfRestriction({ type }: { type: string }): Effects {
  const name = type.trim().toUpperCase();
  return (Object.hasOwn(TYPES, name) ? TYPES[name] : undefined) ?? (name.includes('CALL') ? UNKNOWN_TYPE : OTHER_TYPE);
}

/** The code that explains restrictions of this type; undefined for one that leaves calls alone. */
export function codeOfRestriction(type: string): 'calling_restricted' | 'restriction_unknown' | undefined {
  const effects = Object.values(effectsOfRestriction({ type }));
  if (effects.includes('blocked')) return 'calling_restricted';
  return effects.includes('unknown') ? 'restriction_unknown' : undefined;
}
