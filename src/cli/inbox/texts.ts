import { sayFrom, type Texts } from '#cli/terminal/texts.js';

export const INBOX_TEXTS = {
  what: { en: 'Say list, retry ID… or retry --all.', es: 'Indique list, retry ID… o retry --all.' },
  none: { en: 'No delivery is set aside.', es: 'Ninguna entrega está apartada.' },
  row: { en: '{id}  received {at}, {attempts} attempts', es: '{id}  recibida {at}, {attempts} intentos' },
  unknown_reason: {
    en: 'set aside without a reason; the log has it',
    es: 'apartada sin motivo registrado; está en el log',
  },
  retried: {
    en: '{count} deliveries are handed to the gateway again; it takes them within a second: {ids}',
    es: '{count} entregas se devuelven al gateway, que las toma en un segundo: {ids}',
  },
  not_found: { en: 'Not set aside: {ids}', es: 'No están apartadas: {ids}' },
} as const satisfies Texts;

export const sayInbox = sayFrom(INBOX_TEXTS);
