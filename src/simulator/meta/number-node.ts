import type { JsonRecord } from '#kernel/read.js';
import { accountUsable, type Quality, type SimulatedNumber } from '#simulator/world/number.js';

/** What may send messages: the number, its account, its portfolio and the app. */
export function healthStatus(number: SimulatedNumber): JsonRecord {
  const usable = number.payment ? 'AVAILABLE' : 'LIMITED';
  const can_send_message = accountUsable(number) ? usable : 'BLOCKED';
  const entity = (entity_type: string, id: string): JsonRecord => ({ entity_type, id, can_send_message });
  return {
    can_send_message,
    entities: [
      entity('PHONE_NUMBER', number.phoneNumberId),
      entity('WABA', number.wabaId),
      entity('BUSINESS', number.portfolio.id),
      entity('APP', '900000000000001'),
    ],
  };
}

const RATING: Readonly<Record<Quality, string>> = { High: 'GREEN', Medium: 'YELLOW', Low: 'RED' };

const always = (value: unknown) => (): unknown => value;

/** The fields of a number that `GET /{phone_number_id}?fields=` reads. */
const FIELDS: Readonly<Record<string, (number: SimulatedNumber) => unknown>> = {
  id: ({ phoneNumberId }) => phoneNumberId,
  display_phone_number: ({ displayPhoneNumber }) => `+${displayPhoneNumber}`,
  verified_name: ({ name }) => name,
  name_status: always('APPROVED'),
  quality_rating: ({ quality }) => RATING[quality],
  code_verification_status: always('VERIFIED'),
  platform_type: always('CLOUD_API'),
  account_mode: always('LIVE'),
  status: (number) => (accountUsable(number) ? 'CONNECTED' : 'BANNED'),
  throughput: always({ level: 'STANDARD' }),
  whatsapp_business_manager_messaging_limit: ({ tier }) => tier,
  is_on_biz_app: ({ onBusinessApp }) => onBusinessApp,
  health_status: healthStatus,
};

const USUAL = ['verified_name', 'code_verification_status', 'display_phone_number', 'quality_rating', 'platform_type', 'throughput'];

/** The number as Graph shows it. @returns the name of a field that it has not, or its fields; the id always stands last */
export function readNode(number: SimulatedNumber, fields: readonly string[] = USUAL): JsonRecord | string {
  const unknown = fields.find((name) => !Object.hasOwn(FIELDS, name));
  if (unknown !== undefined) return unknown;
  return Object.fromEntries([...fields.filter((name) => name !== 'id'), 'id'].map((name) => [name, FIELDS[name]?.(number)]));
}
