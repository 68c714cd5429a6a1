import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { WebhookTarget } from '#simulator/webhooks/outgoing-webhooks.js';

/** The fields of Meta's object `whatsapp_business_account` of which the simulator has webhooks. */
export const SUBSCRIBABLE_FIELDS = [
  'calls',
  'messages',
  'standby',
  'messaging_handovers',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'phone_number_quality_update',
] as const;
type SubscribableField = (typeof SUBSCRIBABLE_FIELDS)[number];

export const isSubscribable = (field: unknown): field is SubscribableField => SUBSCRIBABLE_FIELDS.some((known) => known === field);

interface AppSubscription {
  callbackUrl: string;
  fields: readonly SubscribableField[];
}

/** The app at Meta to which all numbers belong: its secret signs webhooks, its one subscription says where they go. */
export class SimulatedApp {
  readonly id = '900000000000001';
  readonly secret: string;
  subscription: AppSubscription | null = null;

  /** @param secret random when left out; one that follows from `seed`, if there is a seed */
  constructor(secret: string | undefined, seed: string | undefined) {
    this.secret = secret ?? (seed === undefined ? randomBytes(16).toString('hex') : secretOf(seed));
  }

  /** Is this the app's access token, `{id}|{secret}`? */
  isToken(token: string): boolean {
    const [given, own] = [token, `${this.id}|${this.secret}`].map((text) => createHash('sha256').update(text).digest());
    return given !== undefined && own !== undefined && timingSafeEqual(given, own);
  }

  get target(): WebhookTarget | null {
    return this.subscription && { url: this.subscription.callbackUrl, headers: {} };
  }
}

const secretOf = (seed: string): string => createHash('sha256').update(`app secret:${seed}`).digest('hex').slice(0, 32);
