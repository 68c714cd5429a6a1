import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#access/authorization/principal.js';
import { invalidField } from '#api-conventions/invalid-field.js';
import type { Every } from '#compliance/reports/periods/span.js';
import { Settings } from '#config/settings.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { SettingsOfNumbers } from '#identity/numbers/number-settings.service.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { isIntlTimeZone } from '#kernel/calendar/local-time.js';
import { Problem } from '#kernel/problem.js';
import { isFault, readTarget } from './delivery-target.js';
import type { NewReportDelivery } from './report-deliveries.service.js';
import { ReportPostClient } from './sending/report-post.client.js';
import { SmtpClient } from './sending/smtp.client.js';

/** A delivery as a client asks for it. */
export interface WantedDelivery {
  to: string;
  every: Every;
  language?: Language | undefined;
  time_zone?: string | undefined;
  phone_number_id?: string | null | undefined;
}

/** Checks what a client gives for a delivery, and fills in what it leaves out. */
@Injectable()
export class DeliveryInputService {
  constructor(
    private readonly numbers: NumbersService,
    private readonly settingsOf: SettingsOfNumbers,
    private readonly post: ReportPostClient,
    private readonly smtp: SmtpClient,
    @Inject(Settings) private readonly settings: Pick<Settings, 'compliance'>,
  ) {}

  /**
   * @param language the one of a delivery that names none
   * @throws Problem `invalid_request` that names the field, `unknown_number`, `mail_not_configured`
   */
  async read(by: Principal, wanted: WantedDelivery, language: Language): Promise<NewReportDelivery> {
    const phoneNumberId = wanted.phone_number_id ?? null;
    const target = readTarget(wanted.to);
    if (isFault(target)) throw invalidField('to', target.en, target.es);
    if (phoneNumberId !== null) await this.numbers.require(by, phoneNumberId);
    const timeZone = wanted.time_zone ?? this.#zoneOf(by, phoneNumberId);
    if (!isIntlTimeZone(timeZone)) {
      throw invalidField(
        'time_zone',
        'must be an IANA time zone such as America/Mexico_City',
        'debe ser una zona horaria de IANA, como America/Mexico_City',
      );
    }
    if (target.channel === 'mail' && !this.smtp.isConfigured) throw new Problem('mail_not_configured');
    const fault = target.channel === 'webhook' ? await this.post.faultOf(target.address) : null;
    if (fault !== null) throw invalidField('to', fault.en, fault.es);
    return { ...target, every: wanted.every, language: wanted.language ?? language, timeZone, phoneNumberId };
  }

  /** That of its number, or of the only one that the key reaches; else the gateway's. */
  #zoneOf(by: Principal, phoneNumberId: string | null): string {
    const reached = this.numbers.reachedBy(by);
    const id = phoneNumberId ?? (reached.length === 1 ? reached[0]?.phoneNumberId : undefined);
    return id === undefined ? this.settings.compliance.timeZone : this.settingsOf.of(id).timeZone;
  }
}
