import type { WebhookConfig } from '#dialog360/number-reading.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';
import type { AddedNumber } from './adding/new-numbers.service.js';
import { NumberDto, NumberWebhookDto } from './shown/number.view.js';
import type { Registration } from './webhook/registrations.service.js';

/** A page of numbers. */
export class NumberListDto {
  /** The first one first. */
  data: NumberDto[];
  /** `null` on the last page. */
  next_cursor: string | null;
}

/** A webhook to register at 360dialog. */
export class WebhookToRegisterDto {
  /** Where its webhooks are to go. */
  url: string;
  /** The header that 360dialog must replay on each delivery. It is shown this once. */
  headers: Record<string, string>;
}

/** The webhook of a number that was added. */
export class AddedWebhookDto extends NumberWebhookDto {
  /** What to register at 360dialog; null when the gateway has registered it. */
  register: WebhookToRegisterDto | null;
  /** Why the gateway could not register it, a code of the error catalogue: POST …/webhook tries again. Null when it could, or was not to. */
  problem: string | null;
}

/** A number that was added. */
export class AddedNumberDto extends NumberDto {
  /** Where 360dialog delivers its webhooks, and what to register there. */
  declare webhook: AddedWebhookDto;
  /** The ids of keys, streams and subscriptions that keep the number that they had, since they were made before there was a second one. */
  pinned: string[];
  /** The ids of keys that were made before there was a second number and reach every one: they must give `phone_number_id` from now on. */
  exempt: string[];
}

/** A webhook at 360dialog without its secrets. */
export class ShownWebhookDto {
  /** The values of its query are redacted. */
  url: string;
  /** The names of the headers that 360dialog replays. */
  headers: string[];
}

/** The webhook of a number after a registration or a restoration. */
export class RegistrationDto {
  /** Meta's id of the number. */
  phone_number_id: string;
  /** What is registered at 360dialog now; null when nothing is. */
  registered: ShownWebhookDto | null;
  /** What the registration replaces or has replaced; null when that is nothing. */
  replaced: ShownWebhookDto | null;
  /** Whether 360dialog delivers to this gateway now. */
  matches: boolean;
  /** Whether this request has changed it. */
  changed: boolean;
}

/** A new token for the webhooks of a number. */
export class RotatedTokenDto {
  /** Meta's id of the number. */
  phone_number_id: string;
  /** What to register at 360dialog; null when the gateway has registered it. */
  register: WebhookToRegisterDto | null;
  /** Why the gateway could not register it, a code of the error catalogue; null when it could, or the webhook is not this gateway's. */
  problem: string | null;
}

export const toAddedNumberDto = ({ present, pinned, exempt, register, problem }: AddedNumber, shown: NumberDto): AddedNumberDto => {
  const { url, matches, ...webhook } = shown.webhook;
  // Without a registration 360dialog was asked just now, and nothing of that is kept.
  const now =
    register === null || present === null
      ? { url, matches }
      : { url: present.url === '' ? null : withoutQueryValues(present.url), matches: false };
  return { ...shown, webhook: { ...webhook, ...now, register, problem }, pinned, exempt };
};

export const toRegistrationDto = (phoneNumberId: string, { registered, replaced, ...rest }: Registration): RegistrationDto => ({
  phone_number_id: phoneNumberId,
  registered: registered && shownWebhook(registered),
  replaced: replaced && shownWebhook(replaced),
  ...rest,
});

const shownWebhook = ({ url, headers }: WebhookConfig): ShownWebhookDto => ({
  url: withoutQueryValues(url),
  headers: Object.keys(headers),
});
