import { Inject, Injectable } from '@nestjs/common';
import { confirmTokenOf, unsubscribeTokenOf } from '#compliance/report-deliveries/consent/consent.service.js';
import { confirmationMail, withUnsubscribeLink } from '#compliance/report-deliveries/consent/consent-mail.js';
import { linkOf } from '#compliance/report-deliveries/consent/links.js';
import { ReportDeliveriesStore } from '#compliance/report-deliveries/report-deliveries.store.js';
import type { ReportDelivery, ReportStopReason } from '#compliance/report-deliveries/report-delivery.js';
import { type Mail, mailOf } from '#compliance/reports/mail/report-mail.js';
import type { PeriodReportsView } from '#compliance/reports/periods/period-report.view.js';
import { Settings } from '#config/settings.js';
import { Clock, rfc3339 } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';
import { PeriodContentService } from './period-content.service.js';
import { ReportPostClient } from './report-post.client.js';
import { CONFIRM, type ReportSend } from './report-sends.store.js';
import { failedWith, type SendResult } from './send-faults.js';
import { SmtpClient } from './smtp.client.js';

/** What comes of a send, and whether its delivery ends with it. */
export type SendOutcome = SendResult | { kind: 'stop'; reason: ReportStopReason };

/** A delivery whose secret can be read. */
type Open = ReportDelivery & { secret: Secret };

/** Makes one attempt to send what is due, if it may still be sent. */
@Injectable()
export class SenderService {
  constructor(
    private readonly deliveries: ReportDeliveriesStore,
    private readonly content: PeriodContentService,
    private readonly smtp: SmtpClient,
    private readonly post: ReportPostClient,
    @Inject(Settings) private readonly settings: Pick<Settings, 'publicUrl' | 'mode'>,
    private readonly clock: Clock,
  ) {}

  /** It returns faults of the other side; it throws those of the database. */
  async send(send: ReportSend): Promise<SendOutcome> {
    const held = await this.deliveries.find(send.delivery_id);
    if (!held || held.delivery.stoppedAt !== null) return { kind: 'dropped' };
    if (held.lack !== null) return { kind: 'stop', reason: held.lack };
    const { delivery } = held;
    if (delivery.secret === null) return failedWith('secret_unreadable');
    const open: Open = { ...delivery, secret: delivery.secret };
    if (send.period === CONFIRM)
      return delivery.confirmedAt === null ? this.#mail(open, CONFIRM, this.#confirmation(open)) : { kind: 'dropped' };
    return this.#report(open, send);
  }

  /** Cuts every attempt under way. */
  close(): void {
    this.smtp.close();
    this.post.close();
  }

  async #report(delivery: Open, { period, from_at, until_at }: ReportSend): Promise<SendOutcome> {
    const content = await this.content.of(delivery, from_at, this.clock.now());
    if (content === 'wait') return { kind: 'wait' };
    if (content === 'none') return failedWith('no_report', null, true);
    const mail = this.#written(delivery, content);
    if (delivery.channel === 'mail') return this.#mail(delivery, period, mail);
    const id = `${delivery.id}_${period}`;
    const result = await this.post.send(delivery.address, id, delivery.secret, this.#bodyOf(id, delivery, content, mail, until_at));
    return result.kind === 'gone' ? { kind: 'stop', reason: 'gone' } : result;
  }

  #written({ language, timeZone }: Open, document: PeriodReportsView): Mail {
    return mailOf(document, { language, timeZone, publicUrl: this.settings.publicUrl });
  }

  #confirmation({ id, secret, language, every }: Open): Mail {
    const { publicUrl } = this.settings;
    return confirmationMail(language, every, publicUrl, linkOf(publicUrl, 'confirm', confirmTokenOf(id, secret)));
  }

  async #mail(delivery: Open, period: string, mail: Mail): Promise<SendResult> {
    const { publicUrl } = this.settings;
    const unsubscribeUrl = linkOf(publicUrl, 'unsubscribe', unsubscribeTokenOf(delivery));
    const messageId = `${delivery.id}.${period}@${new URL(publicUrl).hostname}`;
    const whole = period === CONFIRM ? mail : withUnsubscribeLink(mail, delivery.language, unsubscribeUrl);
    return this.smtp.send({ ...whole, to: delivery.address, messageId, language: delivery.language, unsubscribeUrl });
  }

  #bodyOf(id: string, delivery: Open, { period, numbers }: PeriodReportsView, { subject, text }: Mail, until: number): object {
    const { every, timeZone, language, phoneNumberId } = delivery;
    return {
      ...{ id, type: 'compliance.report_delivery', occurred_at: rfc3339(until), sequence: 1, phone_number_id: phoneNumberId },
      data: {
        ...{ delivery_id: delivery.id, mode: this.settings.mode, every, language },
        period: { first: period.first, last: period.last, time_zone: timeZone },
        ...{ subject, text },
        // Whole reports are read through the API.
        numbers: numbers.map(({ report: _, ...number }) => number),
      },
    };
  }
}
