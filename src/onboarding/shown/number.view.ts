import type { BusinessNumber, ForwardTarget, OwnSettings } from '#identity/numbers/business-number.js';
import { rfc3339 } from '#kernel/clock.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';

/** Where 360dialog delivers the webhooks of a number. */
export class NumberWebhookDto {
  /** The address that 360dialog had registered when it was last asked, the values of its query redacted; null when unknown or none. */
  url: string | null;
  /** Whether that is this gateway; null when unknown. */
  matches: boolean | null;
  /** When the last delivery of this number came. */
  last_delivery_at: string | null;
}

/** What the last poll derived of a number; `GET /api/calling/status` derives it anew. */
export class LastCheckDto {
  /** Whether the number could place calls. */
  outbound: 'available' | 'blocked' | 'unknown';
  /** Whether it could be called. */
  inbound: 'available' | 'blocked' | 'unknown';
  /** Whether its webhooks had stopped for a day; null when none had ever come. */
  webhook_silent: boolean | null;
  /** RFC 3339. */
  checked_at: string;
}

/** Where the deliveries of a number are forwarded. */
export class ForwardDto {
  /** The values of its query are redacted. */
  url: string;
  /** The headers by name, their values redacted. */
  headers: Record<string, string>;
}

/** The settings that a number has of its own; each null is the gateway's. */
export class NumberSettingsDto {
  /** An IANA time zone; null for COMPLIANCE_TIME_ZONE. */
  time_zone: string | null;
  /** When to poll; null for COMPLIANCE_POLL_CRON. */
  poll_cron: string | null;
  /** When to write reports; null for COMPLIANCE_REPORT_CRON. */
  report_cron: string | null;
  /** How long calls are kept; null for RETENTION_DAYS. */
  retention_days: number | null;
  /** Which limits of Meta's hold; null for PERMISSION_POLICY. */
  permission_policy: 'production' | 'sandbox' | null;
  /** How many conversations the requirement asks for; null for COMPLIANCE_REQUIRED_CONVERSATIONS. */
  required_conversations: number | null;
  /** Always null in this release. */
  recording: boolean | null;
  /** Always null in this release. */
  media: boolean | null;
}

/** A removal under way. */
export class RemovalDto {
  /** When it was asked for. */
  since: string;
  /** Whether the calls, reports and people of the number are deleted with it. */
  erases: boolean;
}

/** A business number of the gateway, without its secrets; times are RFC 3339. */
export class NumberDto {
  /** Meta's id of the number. */
  phone_number_id: string;
  /** The number as bare digits; null until 360dialog or a webhook says it. */
  display_phone_number: string | null;
  /** What it is called here. */
  name: string | null;
  /** The owner's own word for it. */
  reference: string | null;
  /** Meta's id of its account (WABA); null while unknown. */
  waba_id: string | null;
  /** Meta's id of the business portfolio; null while unknown. */
  portfolio_id: string | null;
  /** `simulator` when the gateway runs against its simulator. */
  mode: 'live' | 'simulator';
  /** `environment`: its key is D360_API_KEY; `api`: it was added here; `partner`: it was adopted from a partner's channels. */
  source: 'environment' | 'api' | 'partner';
  /** `paused`: no dials, no permission requests, no `call.incoming`. `removing`: its live calls end, then it is gone. */
  state: 'active' | 'paused' | 'removing';
  /** Where 360dialog delivers its webhooks. */
  webhook: NumberWebhookDto;
  /** What the last poll found; null before the first. */
  last_check: LastCheckDto | null;
  /** When 360dialog last named the number for its key. */
  key_accepted_at: string | null;
  /** When 360dialog refused its key; null since it was accepted again. */
  key_rejected_at: string | null;
  /** Where its deliveries are forwarded; null without forwarding. */
  forward: ForwardDto | null;
  /** What it has of its own. */
  settings: NumberSettingsDto;
  /** Since when this gateway has it. */
  created_at: string;
  /** Null unless it is being removed. */
  removal: RemovalDto | null;
}

/** What is known of the webhook of a number. Times are in ms since 1970. */
export interface KnownWebhook {
  url: string | null;
  matches: boolean | null;
  lastDeliveryAt: number | null;
}

export const toNumberDto = (number: BusinessNumber, webhook: KnownWebhook, lastCheck: LastCheckDto | null): NumberDto => ({
  phone_number_id: number.phoneNumberId,
  display_phone_number: number.displayPhoneNumber,
  name: number.name,
  reference: number.reference,
  waba_id: number.wabaId,
  portfolio_id: number.portfolioId,
  mode: number.mode,
  source: number.source,
  state: number.state,
  webhook: {
    url: webhook.url === null ? null : withoutQueryValues(webhook.url),
    matches: webhook.matches,
    last_delivery_at: rfc3339(webhook.lastDeliveryAt),
  },
  last_check: lastCheck,
  key_accepted_at: rfc3339(number.keyAcceptedAt),
  key_rejected_at: rfc3339(number.keyRejectedAt),
  forward: number.forward && shownTarget(number.forward),
  settings: { ...number.settings },
  created_at: rfc3339(number.createdAt),
  removal: number.removal && { since: rfc3339(number.removal.since), erases: number.removal.erases },
});

const shownTarget = ({ url, headers }: ForwardTarget): ForwardDto => ({
  url: withoutQueryValues(url),
  headers: Object.fromEntries(Object.keys(headers).map((name) => [name, '[redacted]'])),
});

export type GivenSettings = { [Name in keyof OwnSettings]?: OwnSettings[Name] | undefined };
