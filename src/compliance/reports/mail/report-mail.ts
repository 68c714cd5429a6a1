import type { ReportView } from '#compliance/reports/report.view.js';
import type { Language } from '#error-catalogue/catalogue.js';

/** How a mail of reports is written. */
export interface MailOptions {
  language: Language;
  /** The reader's IANA time zone. */
  timeZone: string;
  /** The address of the gateway, without a slash at its end, for links. */
  publicUrl: string;
  /** What the reports are about: one day, or the sums of a week or month. */
  every?: 'day' | 'week' | 'month';
  /** The first and the last day of the period; those of the reports when left out. */
  span?: { first: string; last: string };
  /** The reports of the period before, one for each number that has some. */
  before?: readonly ReportView[];
  /** How the numbers are called; by Meta's id when left out. */
  numbers?: readonly { phone_number_id: string; display_phone_number: string | null; name: string | null }[];
}

/** A mail without its addresses. */
export interface Mail {
  subject: string;
  html: string;
  text: string;
  attachments?: readonly { filename: string; content: string | Buffer; contentType: string; cid?: string }[];
}

const TEXTS = {
  en: {
    title: 'Calling report',
    calls: (out: number, inbound: number) => `Outbound calls answered: ${out}. Inbound calls answered: ${inbound}.`,
  },
  es: {
    title: 'Informe de llamadas',
    calls: (out: number, inbound: number) => `Llamadas salientes contestadas: ${out}. Llamadas entrantes contestadas: ${inbound}.`,
  },
};

/** The mail of one report, or of the reports of several numbers. */
export function mailOf(given: ReportView | readonly ReportView[], { language, publicUrl, span, numbers }: MailOptions): Mail {
  const reports = 'id' in given ? [given] : given;
  const { title, calls } = TEXTS[language];
  const dates = span ? [...new Set([span.first, span.last])].join(' – ') : (reports[0]?.period.date ?? '');
  const lines = reports.map(({ id, phone_number_id, figures }) => {
    const number = numbers?.find((one) => one.phone_number_id === phone_number_id);
    const name = [number?.name, number?.display_phone_number ?? phone_number_id].filter(Boolean).join(' · ');
    const said = calls(figures.calls.outbound.answered, figures.calls.inbound.answered);
    return { name, said, link: `${publicUrl}/api/compliance/reports/${id}?format=html` };
  });
  const marked = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0)};`);
  const html = lines.map(
    ({ name, said, link }) => `<p><b>${marked(name)}</b><br>${marked(said)}<br><a href="${marked(link)}">${marked(link)}</a></p>`,
  );
  return {
    subject: `${title} · ${dates}`,
    text: lines.map(({ name, said, link }) => `${name}\n${said}\n${link}\n`).join('\n'),
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title} · ${dates}</h1>${html.join('')}</body></html>`,
  };
}
