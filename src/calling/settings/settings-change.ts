import { isDeepStrictEqual } from 'node:util';
import { type JsonRecord, list, record, records, text } from '#kernel/read.js';
import { todayIn } from './time-zone.js';

/** A requested change as it is sent to Meta. */
export interface SettingsChange {
  /** The given members, `call_hours` made whole; unchecked. Empty when nothing is to be sent. */
  sent: JsonRecord;
  /** Paths of what was filled in from the live settings, such as `calling.call_hours.timezone_id`. */
  stored: readonly string[];
  /** Paths of members that only Meta sets and that the client wants otherwise than they are, such as `calling.restrictions`. */
  setByMeta: readonly string[];
  /** Stored holidays that are past and cannot be sent along: Meta refuses past dates. */
  pastHolidays: number;
}

/** Members that only Meta sets, restrictions under each of Meta's names for them; a client may send them back as it read them. */
const SET_BY_META: ReadonlySet<string> = new Set(['restrictions', 'restriction_list', 'restrictions_list', 'ip_addresses', 'video']);
const SERVER_SET_BY_META: ReadonlySet<string> = new Set(['app_id', 'sip_user_password']);
const HOURS = ['status', 'timezone_id', 'weekly_operating_hours', 'holiday_schedule'] as const;

/**
 * The change of a part. Meta replaces `call_hours` as a whole and deletes what is left out of it, so the live members are
 * sent along unless given; an explicit `[]` clears the holidays. Meta documents no such rule for the other members: they are sent as given.
 * @param live the settings as just read
 * @param now ms since 1970; decides which holidays are past
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06-26)
 */
export function settingsChangeOf(live: JsonRecord, part: JsonRecord, now: number): SettingsChange {
  const sent = without(part, SET_BY_META);
  const sip = record(sent.sip);
  if (sip) sent.sip = withoutSetByMeta(sip);
  const setByMeta = [...changedOf(part, [live], SET_BY_META, 'calling'), ...changedServers(record(part.sip), record(live.sip))];
  const [given, kept] = [record(sent.call_hours), record(live.call_hours)];
  if (!given) return { sent, stored: [], setByMeta, pastHolidays: 0 };
  const whole = wholeHours(given, kept ?? {}, now);
  if (isDeepStrictEqual(whole.hours, kept)) delete sent.call_hours;
  else sent.call_hours = whole.hours;
  const stored = HOURS.filter((name) => given[name] === undefined && kept?.[name] !== undefined);
  return { sent, stored: stored.map((name) => `calling.call_hours.${name}`), setByMeta, pastHolidays: whole.pastHolidays };
}

function wholeHours(given: JsonRecord, kept: JsonRecord, now: number): { hours: JsonRecord; pastHolidays: number } {
  const stored = HOURS.flatMap((name) => (kept[name] === undefined ? [] : [[name, kept[name]] as const]));
  const hours: JsonRecord = { ...Object.fromEntries(stored), ...given };
  if (!Array.isArray(hours.holiday_schedule)) return { hours, pastHolidays: 0 };
  const today = todayIn(hours.timezone_id, now);
  const isOver = (holiday: unknown): boolean => today !== undefined && (text(record(holiday)?.date) ?? today) < today;
  const isStored = (holiday: unknown): boolean => list(kept.holiday_schedule).some((one) => isDeepStrictEqual(one, holiday));
  const current = hours.holiday_schedule.filter((holiday) => !(isOver(holiday) && isStored(holiday)));
  const pastHolidays = hours.holiday_schedule.length - current.length;
  return { hours: { ...hours, holiday_schedule: current }, pastHolidays };
}

/** The paths of those named members that are as in none of the stored objects. */
const changedOf = (part: JsonRecord, stored: readonly JsonRecord[], names: ReadonlySet<string>, path: string): string[] =>
  Object.keys(part)
    .filter((name) => names.has(name) && !stored.some((one) => isDeepStrictEqual(part[name], one[name])))
    .map((name) => `${path}.${name}`);

function changedServers(sip: JsonRecord | undefined, live: JsonRecord | undefined): string[] {
  const stored = records(live?.servers);
  return list(sip?.servers).flatMap((one, index) => {
    const server = record(one);
    return server ? changedOf(server, stored, SERVER_SET_BY_META, `calling.sip.servers[${index}]`) : [];
  });
}

function withoutSetByMeta(sip: JsonRecord): JsonRecord {
  if (!Array.isArray(sip.servers)) return sip;
  const servers = sip.servers.map((server: unknown) => {
    const written = record(server);
    return written ? without(written, SERVER_SET_BY_META) : server;
  });
  return { ...sip, servers };
}

const without = (written: JsonRecord, names: ReadonlySet<string>): JsonRecord =>
  Object.fromEntries(Object.entries(written).filter(([name]) => !names.has(name)));
