import type { Health, HealthEntity } from '#dialog360/number-reading.js';
import type { OurNumber } from '#identity/numbers/our-number.js';
import { number } from '#kernel/read.js';

/** What is known of a number, under Meta's names; what is unknown is left out. */
export interface GraphNumber {
  id: string;
  display_phone_number?: string;
  health_status?: { can_send_message?: string; entities: object[] };
}

/** Without `fields` Meta shows its default members; health only when it is asked for. */
const DEFAULT_FIELDS: readonly string[] = ['id', 'display_phone_number'];

/** The members that a request names, such as `id,display_phone_number`; `id` is always among them. */
export const fieldsIn = (written: string | undefined): ReadonlySet<string> =>
  new Set(['id', ...(written === undefined ? DEFAULT_FIELDS : written.split(',').map((name) => name.trim()))]);

/** @param health null when it was not asked for, or is unknown */
export function toGraphNumber(
  { phoneNumberId, displayPhoneNumber }: OurNumber,
  fields: ReadonlySet<string>,
  health: Health | null,
): GraphNumber {
  return {
    id: phoneNumberId,
    ...(fields.has('display_phone_number') && displayPhoneNumber !== null ? { display_phone_number: displayPhoneNumber } : {}),
    ...(fields.has('health_status') && health ? { health_status: toHealth(health) } : {}),
  };
}

const toHealth = ({ canSendMessage, entities }: Health) => ({
  ...known({ can_send_message: canSendMessage }),
  entities: entities.map(toEntity),
});

const toEntity = ({ type, id, canSendMessage, canReceiveCallSip, additionalInfo, errors }: HealthEntity) => ({
  ...known({ entity_type: type, id, can_send_message: canSendMessage, can_receive_call_sip: canReceiveCallSip }),
  ...(additionalInfo.length > 0 ? { additional_info: additionalInfo } : {}),
  ...(errors.length > 0
    ? {
        errors: errors.map(({ code, description, solution }) =>
          known({ error_code: number(code) ?? code, error_description: description, possible_solution: solution }),
        ),
      }
    : {}),
});

/** The members that are not null. */
const known = <T extends object>(members: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null)) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
