import { createHash } from 'node:crypto';
import type { ReportDelivery } from '#compliance/report-deliveries/report-delivery.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { inMarkup } from './consent-mail.js';
import { CONSENT_TEXTS } from './consent-texts.js';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f6f7f9;color:#1a1f26}main{max-width:36rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border-radius:12px}button{font:inherit;padding:.7rem 1.2rem;border:0;border-radius:8px;background:#0b6b53;color:#fff;cursor:pointer}button:focus-visible{outline:3px solid #1a1f26;outline-offset:2px}@media (prefers-color-scheme:dark){body{background:#12161b;color:#e8ebef}main{background:#1b2129}}';

/** Lets the page use its own style and post its own form, and nothing else. */
export const CONSENT_PAGE_SECURITY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** What a delivery sends, in a line. */
type Line = Pick<ReportDelivery, 'every'> & { number: string | null };

/** What a page says, and whether it has a button. */
export interface ConsentPage {
  title: string;
  paragraphs: readonly string[];
  lines?: readonly string[];
  button?: string;
}

/** A page that changes something by its button alone: programs that scan mails open links. */
export function consentPageOf(language: Language, { title, paragraphs, lines = [], button }: ConsentPage): string {
  const list = lines.length > 0 ? `<ul>${lines.map((line) => `<li>${inMarkup(line)}</li>`).join('')}</ul>` : '';
  const form = button === undefined ? '' : `<form method="post"><button type="submit">${inMarkup(button)}</button></form>`;
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${inMarkup(title)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${inMarkup(title)}</h1>${paragraphs.map((text) => `<p>${inMarkup(text)}</p>`).join('')}${list}${form}`,
    '</main></body></html>',
  ].join('');
}

export function lineOf(language: Language, { every, number }: Line): string {
  const { every: words, ofNumber, ofAllNumbers } = CONSENT_TEXTS[language];
  return `${words[every]}, ${number === null ? ofAllNumbers : ofNumber(number)}`;
}
