/** All but what ASCII can print or JSON escapes anyway: DEL, and each UTF-16 unit beyond ASCII. */
const NOT_ASCII = /[^\0-~]/g;

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * JSON in ASCII alone: each other UTF-16 unit is an escape with lower-case digits, as in Meta's webhooks. A receiver that parses the text,
 * writes it again with `JSON.stringify` and escapes it so gets the same bytes, as does one that escapes the text itself.
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/create-webhook-endpoint (2025-11-07)
 */
export const asciiJson = (value: unknown): string => JSON.stringify(value).replace(NOT_ASCII, escaped);
