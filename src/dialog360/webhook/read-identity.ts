import type { IdentityFact } from '#dialog360/fact.js';
import { type JsonRecord, record, text } from '#kernel/read.js';
import { phoneKey, readUserId, type UserIds } from '#kernel/wa-id.js';
import { isNobody, readUserIds, userIdsIn, type WebhookChange } from './change.js';

const TYPES = new Set(['user_changed_number', 'user_changed_user_id']);
const KINDS = ['waId', 'userId', 'parentUserId'] as const;

/**
 * A message of type `system` about a changed number or BSUID; null for every other one. `system` names the new ids. The former ones stand
 * in its `previous_…` members; in an older form the message comes from them, or only the body names them: "… changed from A to B".
 */
export function readIdentityChange(change: WebhookChange, message: JsonRecord, messageId: string): IdentityFact | null {
  const system = record(message.system);
  if (!system || !TYPES.has(text(system.type)?.toLowerCase() ?? '')) return null;
  const spoken = readBody(text(system.body) ?? '');
  const named = readUserIds({ phone: system.wa_id ?? system.new_wa_id, user: system.user_id, parent: system.parent_user_id });
  const sender = userIdsIn(message, 'from');
  const previous = readUserIds({
    phone: system.previous_wa_id,
    user: system.previous_user_id,
    parent: system.previous_parent_user_id,
  });
  const isOlderForm = isNobody(previous);
  // Beside the former ids the message may come from the new ones.
  const present = first(named, isOlderForm ? NONE : without(sender, previous), spoken.present);
  const confirmed = isNobody(without(spoken.present, present)) ? spoken.former : NONE;
  const former = without(isOlderForm ? first(without(sender, present), confirmed) : completed(previous, sender, confirmed), present);
  if (isNobody(former) || isNobody(present)) return null;
  const contact = change.contacts.find(present);
  return {
    kind: 'identity.changed',
    messageId,
    former,
    present: {
      waId: present.waId ?? contact?.waId ?? null,
      userId: present.userId ?? contact?.userId ?? null,
      parentUserId: present.parentUserId ?? contact?.parentUserId ?? null,
      username: contact?.username ?? null,
      name: contact?.name ?? null,
    },
  };
}

const NONE: UserIds = { waId: null, userId: null, parentUserId: null };

const first = (...candidates: readonly UserIds[]): UserIds => candidates.find((ids) => !isNobody(ids)) ?? NONE;

const sameId = (kind: keyof UserIds, a: string | null, b: string | null): boolean =>
  a === b || (kind === 'waId' && a !== null && b !== null && phoneKey(a) === phoneKey(b));

/** The ids without those that the others have, too. */
const without = (ids: UserIds, others: UserIds): UserIds => {
  const left = { ...ids };
  for (const kind of KINDS) if (sameId(kind, ids[kind], others[kind])) left[kind] = null;
  return left;
};

/** The first ids, with the number of the others where they have none: the members of the message name no former number. */
const completed = (ids: UserIds, ...others: readonly UserIds[]): UserIds => ({
  ...ids,
  waId: ids.waId ?? others.map(({ waId }) => waId).find((waId) => waId !== null) ?? null,
});

/** The two ids at the end of a body; names stand before them. */
function readBody(body: string): { former: UserIds; present: UserIds } {
  const words = body.split(/\s+/).map((word) => word.replace(/^[("']+|[.,;:!)"']+$/g, ''));
  const [former, present] = words.filter((word) => readUserId(word) !== undefined).slice(-2);
  return present === undefined || former === undefined
    ? { former: NONE, present: NONE }
    : { former: idsOf(former), present: idsOf(present) };
}

function idsOf(written: string): UserIds {
  const read = readUserId(written);
  return read ? { ...NONE, [read.kind]: read.id } : NONE;
}
