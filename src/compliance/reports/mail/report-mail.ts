import { voiceOf } from '#compliance/reports/page/texts.js';
import type { PeriodReportsView } from '#compliance/reports/periods/period-report.view.js';
import { headlineOf } from '#compliance/reports/words/headline.js';
import { numberText, spanTitle } from '#compliance/reports/words/labels.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { mailHtmlOf } from './mail-html.js';
import { mailTextOf } from './mail-text.js';

/** How a mail of a report is written. */
export interface MailOptions {
  language: Language;
  /** The reader's IANA time zone, for times. */
  timeZone: string;
  /** The address of the gateway, for the link. */
  publicUrl: string;
}

/** A mail without its addresses. It has no attachments: its charts are tables. */
export interface Mail {
  subject: string;
  html: string;
  text: string;
}

/** Mail programs cut off what is longer: Gmail does at 102 kB. */
export const MOST_BYTES = 100_000;

/** The mail of a report: HTML for mail programs and the same figures as text. Numbers without room in it are in the report behind its link. */
export function mailOf(document: PeriodReportsView, { language, timeZone, publicUrl }: MailOptions): Mail {
  const voice = voiceOf(language, timeZone);
  const { numbers, period } = document;
  const [only] = numbers;
  const title = spanTitle(period, voice);
  const of = numbers.length === 1 && only ? numberText(only, voice) : voice.say('numbers_of', { count: voice.count(numbers.length) });
  const parts = {
    document,
    voice,
    title,
    headline: headlineOf(document, voice),
    link: linkOf(document, { language, timeZone, publicUrl }),
  };
  return {
    subject: `${title} · ${of}`,
    text: mailTextOf(parts),
    html: fitting(numbers.length, (sections) => mailHtmlOf({ ...parts, sections })),
  };
}

/** With as many sections as there is room for, and at least the table of all numbers. */
function fitting(numbers: number, write: (sections: number) => string): string {
  let [fits, tooMany] = [0, numbers + 1];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(write(middle)) <= MOST_BYTES) fits = middle;
    else tooMany = middle;
  }
  return write(fits);
}

/** The page of the same report; opened signed out it leads to the sign-in first. */
function linkOf({ numbers, period }: PeriodReportsView, { language, timeZone, publicUrl }: MailOptions): string {
  const url = new URL('/api/compliance/reports/periods', publicUrl);
  const given = { every: period.every, date: period.first, format: 'html', lang: language, time_zone: timeZone };
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, value);
  const ids = numbers.map(({ phone_number_id }) => phone_number_id);
  // A longer address is cut by some mail programs; without ids the page shows what its reader reaches.
  if (ids.length <= MOST_IDS) url.searchParams.set('phone_number_id', ids.join(','));
  return url.href;
}

const MOST_IDS = 50;
