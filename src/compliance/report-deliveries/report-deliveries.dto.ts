import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { EVERY, type Every } from '#compliance/reports/periods/span.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { rfc3339 } from '#kernel/clock.js';
import type { Secret } from '#kernel/secret.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';
import type { ShownDelivery } from './report-deliveries.service.js';
import { FAULT_TEXTS, isSendFault, type SendFault } from './sending/send-faults.js';

/** A new delivery of reports. It begins with the day, week or month that is under way. */
export class CreateReportDeliveryDto {
  /**
   * `mailto:` with one mail address, or an `https:` URL that gets a signed POST, under the rules for URLs of subscriptions.
   * @format uri
   */
  @IsString()
  @Length(1, 2_048)
  to: string;
  /** After the end of each day, week (from Monday) or month of `time_zone`. */
  @IsIn(EVERY)
  every: Every;
  /** The language of the reports; that of `Accept-Language` when left out. */
  @IsOptional()
  @IsIn(['en', 'es'])
  language?: Language;
  /** The IANA time zone of the reader, such as `America/Mexico_City`; that of the number, else `COMPLIANCE_TIME_ZONE`, when left out. */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  time_zone?: string;
  /** Only reports of this number, by its id; of all numbers of the key when left out. */
  @IsOptional()
  @Matches(/^\d{5,30}$/)
  phone_number_id?: string | null;
}

/** The last period that was sent. */
export class LastSentDto {
  /** Its first day, `YYYY-MM-DD`. */
  period: string;
  /** When it was sent (RFC 3339). */
  at: string;
}

/** Why the latest attempt failed. */
export class DeliveryFailureDto {
  /** The first day of the period, or `confirm` for the message that asks. */
  period: string;
  /** What failed. */
  reason: SendFault;
  /** The status of the mail server or the endpoint; `null` without an answer. */
  status: number | null;
  /** How many attempts failed. */
  attempts: number;
  /** When the next attempt is made; `null` when the gateway has given this period up. */
  next_attempt_at: string | null;
  /** What happened, in the language of `Accept-Language`. */
  detail: string;
  /** What to do about it. */
  remedy: string;
}

/** Who gets reports, and how that is going. Times are RFC 3339. */
export class ReportDeliveryDto {
  /** Begins with `rdl_`. */
  id: string;
  /** The address; the values of the query of a URL are redacted. */
  to: string;
  /** How often. */
  every: Every;
  /** The language of the reports. */
  language: Language;
  /** The IANA time zone of its days, weeks and months. */
  time_zone: string;
  /** Only reports of this number; `null` for all numbers of its key. */
  phone_number_id: string | null;
  /** The id of the API key that it belongs to and ends with. */
  key_id: string;
  /** When it was made. */
  created_at: string;
  /** `unconfirmed`: the reader has not pressed the button behind the link. `failing`: the latest attempt failed. `stopped`: for good, see `stopped_reason`. */
  state: 'unconfirmed' | 'active' | 'failing' | 'stopped';
  /**
   * Why nothing more is sent. `unsubscribed`: the reader ended it. `key_deleted`, `key_suspended`, `scope_missing`, `number_not_reached`: its key
   * may not have it any more. `gone`: the endpoint answered 410. To go on, make a new one.
   */
  stopped_reason: 'unsubscribed' | 'key_deleted' | 'key_suspended' | 'scope_missing' | 'number_not_reached' | 'gone' | null;
  /** When an unconfirmed address was asked; it is asked once in 30 days at most. `null` when it was not. */
  asked_at: string | null;
  /** `null` before the first. */
  last_sent: LastSentDto | null;
  /** When the period ends that is sent next, soon after its report is written; `null` while nothing is to come. */
  next_at: string | null;
  /** `null` while nothing has failed since the last success. */
  last_error: DeliveryFailureDto | null;
}

/** A delivery after it was made. */
export class ReportDeliveryWithSecretDto extends ReportDeliveryDto {
  /** Verifies the signatures of posts (Standard Webhooks). The gateway shows it only in this response; `null` for mail. */
  secret: string | null;
}

/** A page of report deliveries. */
export class ReportDeliveryPageDto {
  /** The oldest first. */
  data: ReportDeliveryDto[];
  /** The `cursor` of the next page; `null` on the last page. */
  next_cursor: string | null;
}

/** The public delivery. @param language of what failed and what to do */
export function toReportDeliveryDto(shown: ShownDelivery, language: Language): ReportDeliveryDto {
  const { delivery, state, stopReason, askedAt, lastSent } = shown;
  const isToCome = state !== 'stopped' && delivery.confirmedAt !== null;
  return {
    id: delivery.id,
    to: delivery.channel === 'mail' ? `mailto:${delivery.address}` : withoutQueryValues(delivery.address),
    every: delivery.every,
    language: delivery.language,
    time_zone: delivery.timeZone,
    phone_number_id: delivery.phoneNumberId,
    key_id: delivery.keyId,
    created_at: rfc3339(delivery.createdAt),
    state,
    stopped_reason: state === 'stopped' ? stopReason : null,
    asked_at: rfc3339(askedAt),
    last_sent: lastSent && { period: lastSent.period, at: rfc3339(lastSent.at) },
    next_at: isToCome ? rfc3339(delivery.nextAt) : null,
    last_error: failureOf(shown, language),
  };
}

function failureOf({ failure }: ShownDelivery, language: Language): DeliveryFailureDto | null {
  if (!failure || !isSendFault(failure.fault)) return null;
  const { detail, remedy } = FAULT_TEXTS[failure.fault];
  return {
    period: failure.period,
    reason: failure.fault,
    status: failure.status,
    attempts: failure.attempts,
    next_attempt_at: rfc3339(failure.nextAttemptAt),
    detail: detail[language],
    remedy: remedy[language],
  };
}

export const withDeliverySecret = (shown: ShownDelivery, secret: Secret, language: Language): ReportDeliveryWithSecretDto => ({
  ...toReportDeliveryDto(shown, language),
  secret: shown.delivery.channel === 'webhook' ? secret.reveal() : null,
});
