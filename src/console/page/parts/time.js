import { language, t } from '../texts.js';
import { h } from '../view.js';

const LOCALES = { en: 'en-GB', es: 'es-MX' };
const SECOND = 1_000;
const DAY = 86_400_000;
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', SECOND],
];

/** @typedef {string | null | undefined} Moment as RFC 3339; none is `null` */

const locale = () => LOCALES[language()];
/**
 * Both languages show the hours 0 to 23.
 * @type {Intl.DateTimeFormatOptions}
 */
const CLOCK = { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' };

/** A moment in the reader's own time zone, such as `22 Nov 2026, 14:42:08`. @param {string} iso */
export const dateTime = (iso) => new Intl.DateTimeFormat(locale(), CLOCK).format(new Date(iso));

/** A moment within a sentence, such as `at 17:24` or `on 30 Nov at 17:24`; `later` when it is unknown. @param {Moment} iso */
export function atTime(iso, now = new Date()) {
  if (!iso) return t('time.later');
  const then = new Date(iso);
  const time = new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(then);
  if (then.toDateString() === now.toDateString()) return t('time.at', { time });
  const date = new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short' }).format(then);
  return t('time.onDay', { date, time });
}

/** A calendar day in the zone of its count. @param {string | number} date */
export const day = (date) => new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date));

/** The last day of a time that ends with the beginning of `end`. @param {string} end */
export const lastDay = (end) => day(new Date(end).getTime() - DAY);

/** @type {Map<string, Intl.DateTimeFormat>} */
const shortDay = new Map();
/** The same without its year. @param {string} date */
export function dayAndMonth(date) {
  const format = shortDay.get(language()) ?? new Intl.DateTimeFormat(locale(), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  shortDay.set(language(), format);
  return format.format(new Date(date));
}

/** Such as `3 minutes ago` or `in 2 days`. @param {string} iso */
export function fromNow(iso, now = Date.now()) {
  const away = new Date(iso).getTime() - now;
  /** @type {[Intl.RelativeTimeFormatUnit, number]} */
  const [unit, size] = UNITS.find(([, one]) => Math.abs(away) >= one) ?? ['second', SECOND];
  return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(Math.round(away / size), unit);
}

const AGE = 'age';

/** Refreshes the relative times below an element. @param {Element} place */
export function refreshAges(place) {
  const times = /** @type {HTMLCollectionOf<HTMLTimeElement>} */ (place.getElementsByClassName(AGE));
  for (const time of times) time.textContent = fromNow(time.dateTime);
}

/** A moment as a relative time, with the absolute time as its title; a dash for none. @param {Moment} iso */
export const age = (iso) => (iso ? h('time', { class: AGE, datetime: iso, title: dateTime(iso) }, fromNow(iso)) : dash());

/** A moment in full; a dash for none. @param {Moment} iso */
export const moment = (iso) => (iso ? h('time', { datetime: iso }, dateTime(iso)) : dash());

/** Unknown, which is neither no nor zero. */
export const dash = () => h('span', { class: 'faint dash', 'aria-label': t('word.unknown') }, '–');

/** Such as `24 h` for `PT24H`, which is how the API writes a window. @param {string | null} iso */
export function period(iso) {
  const [, days, hours] = /^P(?:(\d+)D)?(?:T(\d+)H)?$/.exec(iso ?? '') ?? [];
  if (!days && !hours) return iso ?? dash();
  return [days && `${days}\u00a0d`, hours && `${hours}\u00a0h`].filter(Boolean).join(' ');
}

/** Whole seconds as `1:02:03` or `2:03`. @param {number} seconds */
export function clock(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60), Math.floor(seconds % 60)];
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export const number = (/** @type {number} */ value) => new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(value);

export const percent = (/** @type {number} */ share) =>
  new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(share);
