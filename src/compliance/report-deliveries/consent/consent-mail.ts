import type { Mail } from '#compliance/reports/mail/report-mail.js';
import type { Every } from '#compliance/reports/periods/span.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { CONSENT_TEXTS } from './consent-texts.js';

/** Text as it may stand in markup and in attributes. */
export const inMarkup = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0)};`);

const link = (url: string, text: string): string => `<a href="${inMarkup(url)}">${inMarkup(text)}</a>`;

/** The one message that an unconfirmed address gets. Nothing in it comes from the client that entered the address. */
export function confirmationMail(language: Language, every: Every, publicUrl: string, url: string): Mail {
  const texts = CONSENT_TEXTS[language];
  const body = texts.askBody(new URL(publicUrl).host, texts.every[every]);
  return {
    subject: texts.askSubject,
    text: `${body}\n\n${texts.askLink}:\n${url}\n\n${texts.askIgnore}\n`,
    html: `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${inMarkup(texts.askSubject)}</title></head><body style="font-family:Arial,Helvetica,sans-serif;font-size:16px;line-height:1.5"><p>${inMarkup(body)}</p><p>${link(url, texts.askLink)}</p><p>${inMarkup(texts.askIgnore)}</p></body></html>`,
  };
}

/** The mail with the line that ends every mail of reports. */
export function withUnsubscribeLink(mail: Mail, language: Language, url: string): Mail {
  const { footer, unsubscribe } = CONSENT_TEXTS[language];
  const line = `<p style="font-family:Arial,Helvetica,sans-serif;font-size:12px;color:#555555">${inMarkup(footer)} ${link(url, unsubscribe)}</p>`;
  return {
    ...mail,
    text: `${mail.text.trimEnd()}\n\n-- \n${footer}\n${unsubscribe}: ${url}\n`,
    html: mail.html.includes('</body>') ? mail.html.replace(/<\/body>(?![\s\S]*<\/body>)/, () => `${line}</body>`) : `${mail.html}${line}`,
  };
}
