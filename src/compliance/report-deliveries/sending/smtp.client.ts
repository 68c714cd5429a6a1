import { Inject, Injectable } from '@nestjs/common';
import { createTransport, type Transporter } from 'nodemailer';
import type { Mail } from '#compliance/reports/mail/report-mail.js';
import { Settings } from '#config/settings.js';
import { SECOND } from '#kernel/clock.js';
import { failedWith, type SendResult } from './send-faults.js';

const TIMEOUT_MS = 20 * SECOND;

/** A mail with its addresses. */
export interface AddressedMail extends Mail {
  to: string;
  /** The same on every attempt, without angle brackets: mail programs show two copies as one. */
  messageId: string;
  language: 'en' | 'es';
  /** Where a reader, or their mail program, ends these mails. */
  unsubscribeUrl: string;
}

/** What the library throws. Its message may hold the address, so it is neither logged nor kept. */
interface SmtpError {
  code?: string;
  responseCode?: number;
  command?: string;
}

/** Hands mails to the mail server of `SMTP_URL`, one recipient each. */
@Injectable()
export class SmtpClient {
  readonly #transport: Transporter | null;
  #closed = false;

  constructor(@Inject(Settings) private readonly settings: Pick<Settings, 'mail'>) {
    const { server } = settings.mail;
    this.#transport = server && transportTo(server);
  }

  /** Whether there is a mail server. */
  get isConfigured(): boolean {
    return this.#transport !== null;
  }

  /** Makes one attempt. It returns faults and throws none. */
  async send({ to, messageId, language, unsubscribeUrl, ...mail }: AddressedMail): Promise<SendResult> {
    const { server } = this.settings.mail;
    if (!this.#transport || !server) return failedWith('mail_not_configured');
    try {
      await this.#transport.sendMail({
        from: server.from,
        to: { name: '', address: to },
        envelope: { from: server.from.address, to },
        messageId: `<${messageId}>`,
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
        headers: {
          'List-Unsubscribe': `<${unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          'Content-Language': language,
        },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      return { kind: 'sent' };
    } catch (error) {
      return this.#closed ? { kind: 'cut' } : resultOf(error as SmtpError);
    }
  }

  /** Results of attempts that are under way say nothing any more. */
  close(): void {
    this.#closed = true;
    this.#transport?.close();
  }
}

type Server = NonNullable<Settings['mail']['server']>;

const transportTo = ({ host, port, secure, user, password, requireTls }: Server): Transporter =>
  createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && requireTls,
    ...(user !== null && password !== null ? { auth: { user, pass: password.reveal() } } : {}),
    connectionTimeout: TIMEOUT_MS / 2,
    greetingTimeout: TIMEOUT_MS / 2,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS / 2,
  });

const REFUSES_US = new Set(['EAUTH', 'ENOAUTH', 'ETLS', 'EREQUIRETLS', 'ECONFIG']);

/** 5xx is final, 4xx passes. What stands before the recipient is about us. */
function resultOf({ code = '', responseCode, command = '' }: SmtpError): SendResult {
  const status = responseCode ?? null;
  if (REFUSES_US.has(code)) return failedWith('mail_server_refuses_gateway', status);
  if (status !== null && status >= 400 && status < 500) return failedWith('mail_server_busy', status);
  if (/^RCPT/i.test(command)) return failedWith('address_refused', status, true);
  if (/^(MAIL|EHLO|HELO)/i.test(command)) return failedWith('mail_server_refuses_gateway', status);
  if (code === 'EENVELOPE') return failedWith('address_refused', status, true);
  return code === 'EMESSAGE' && status !== null
    ? failedWith('message_refused', status, true)
    : failedWith('mail_server_unreachable', status);
}
