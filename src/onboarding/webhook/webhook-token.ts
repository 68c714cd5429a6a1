import { randomBytes } from 'node:crypto';

/** A new token for the webhooks of a number: 256 random bits, safe in a header. */
export const newWebhookToken = (): string => randomBytes(32).toString('base64url');
