import { type JsonRecord, number, record, records, text } from '#kernel/read.js';
import { Secret } from '#kernel/secret.js';

/** What a client's balance says of one day, as 360dialog counts days: in UTC. */
export interface UsageDay {
  /** `YYYY-MM-DD`. */
  date: string;
  /** Conversations that the business opened; null when the row leaves it out. */
  businessInitiated: number | null;
  /** All conversations; null when the row leaves it out. */
  total: number | null;
}

/** A client's account as the partner API reports it. */
export interface PartnerUsage {
  days: UsageDay[];
  /** The prepaid balance, in `currency`; null when the answer leaves it out. */
  balance: { amount: number; currency: string | null } | null;
}

/** The messaging limit and the health of one channel, in the words of 360dialog. */
export interface PartnerChannel {
  id: string;
  /** Such as `TIER_2K`; null where the partner has none, or `TIER_NOT_SET`. */
  currentLimit: string | null;
  /** Whether the number is still in the WhatsApp Business app (coexistence); null when the answer leaves it out. */
  onBusinessApp: boolean | null;
  /** Bare digits or as written. */
  phoneNumber: string | null;
  /** The client that it belongs to; null when the answer leaves it out. */
  clientId: string | null;
  /** The name that is shown with the number. */
  phoneName: string | null;
  /** As 360dialog writes it, such as `running`. */
  status: string | null;
  /** Meta's id of the account (WABA). */
  wabaId: string | null;
}

/** A page of channels. */
export interface ChannelPage {
  channels: PartnerChannel[];
  /** How many there are on all pages; null when the answer leaves it out. */
  total: number | null;
}

/** A key that was just made. */
export interface ChannelKey {
  apiKey: Secret;
}

/**
 * The days of `GET …/info/balance?granularity=day`, oldest first; rows of one day are added up, since a client may have
 * several applications; and the balance itself. Undefined when the answer has no `usage`.
 */
export function readUsage(answer: JsonRecord): PartnerUsage | undefined {
  if (!Array.isArray(answer.usage)) return undefined;
  const days = new Map<string, UsageDay>();
  for (const row of records(answer.usage)) {
    const date = /^\d{4}-\d\d-\d\d/.exec(text(row.period_date) ?? '')?.[0];
    if (date === undefined) continue;
    const before = days.get(date);
    days.set(date, {
      date,
      businessInitiated: plus(before?.businessInitiated, count(row.business_initiated_quantity)),
      total: plus(before?.total, count(row.quantity)),
    });
  }
  const amount = number(answer.balance);
  return {
    days: [...days.values()].sort((a, b) => a.date.localeCompare(b.date)),
    balance: amount === undefined ? null : { amount, currency: text(answer.currency) ?? null },
  };
}

/** The channels of `GET …/channels`; undefined when the answer has no list of them. */
export function readChannelPage(answer: JsonRecord): ChannelPage | undefined {
  if (!Array.isArray(answer.partner_channels)) return undefined;
  const channels = records(answer.partner_channels).flatMap((channel) => {
    const id = text(channel.id);
    if (id === undefined) return [];
    return [
      {
        id,
        currentLimit: limitOf(channel.current_limit),
        onBusinessApp: flag(channel.is_on_biz_app),
        phoneNumber: text(record(channel.setup_info)?.phone_number) ?? null,
        clientId: text(channel.client_id) ?? null,
        phoneName: text(record(channel.setup_info)?.phone_name) ?? null,
        status: text(channel.status) ?? null,
        wabaId: text(record(channel.waba_account)?.external_id) ?? null,
      },
    ];
  });
  return { channels, total: number(answer.total) ?? null };
}

/** The key in `POST …/api_keys`; undefined when the answer has none. */
export function readChannelKey(answer: JsonRecord): ChannelKey | undefined {
  const key = text(answer.api_key);
  return key === undefined ? undefined : { apiKey: new Secret(key) };
}

const count = (value: unknown): number | null => {
  const told = number(value);
  return told === undefined || told < 0 ? null : Math.round(told);
};

/** What one row leaves out is unknown of the whole day. */
function plus(before: number | null | undefined, row: number | null): number | null {
  if (before === undefined) return row;
  return before === null || row === null ? null : before + row;
}

const limitOf = (value: unknown): string | null => {
  const word = text(value) ?? null;
  return word !== null && /^(TIER_)?NOT_SET$/i.test(word) ? null : word;
};

const flag = (value: unknown): boolean | null => ({ true: true, false: false })[String(value).toLowerCase()] ?? null;
