import type { Language } from '#error-catalogue/catalogue.js';
import { fill } from '#error-catalogue/lookup.js';

export type Texts = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** What every command may have to say. */
export const TEXTS = {
  usage: { en: 'Usage: {usage}', es: 'Uso: {usage}' },
  wrong_arguments: { en: 'The arguments are not right: {message}', es: 'Los argumentos no son correctos: {message}' },
  wrong_language: { en: '--lang must be en or es, not "{value}"', es: '--lang debe ser en o es, no "{value}"' },
  wrong_number: {
    en: '--{option} must be a whole number from {min} to {max}, not "{value}"',
    es: '--{option} debe ser un número entero de {min} a {max}, no "{value}"',
  },
  wrong_person: {
    en: '--to must be a phone number with its country code or a BSUID, not "{value}"',
    es: '--to debe ser un número de teléfono con código de país o un BSUID, no "{value}"',
  },
  wrong_number_id: {
    en: '--number must be the phone_number_id of a number, not "{value}": `npm run numbers -- list` shows them',
    es: '--number debe ser el phone_number_id de un número, no "{value}": `npm run numbers -- list` los muestra',
  },
  which_number: {
    en: 'The gateway has several numbers: name one with --number. `npm run numbers -- list` shows them.',
    es: 'El gateway tiene varios números: indique uno con --number. `npm run numbers -- list` los muestra.',
  },
  wrong_url: {
    en: 'The address of the gateway must begin with http:// or https://, not "{value}"',
    es: 'La dirección del gateway debe empezar con http:// o https://, no "{value}"',
  },
  missing_option: { en: '--{option} is required', es: 'Falta --{option}' },
  no_gateway: {
    en: 'No gateway answers at {url}: {reason}. Start it with `npm start`, or name its address with --url or GATEWAY_URL.',
    es: 'Ningún gateway responde en {url}: {reason}. Inícielo con `npm start` o indique su dirección con --url o GATEWAY_URL.',
  },
  no_key: {
    en: 'No API key was given: use --key, GATEWAY_API_KEY or API_KEY. The first start of the gateway printed one.',
    es: 'No se indicó ninguna clave de API: use --key, GATEWAY_API_KEY o API_KEY. El primer inicio del gateway mostró una.',
  },
  no_database: { en: 'The database cannot be read: {message}', es: 'No se puede leer la base de datos: {message}' },
  wrong_database: { en: 'DATABASE_URL must be sqlite:PATH or postgres://…', es: 'DATABASE_URL debe ser sqlite:RUTA o postgres://…' },
  unexpected: { en: 'The command failed: {message}', es: 'El comando falló: {message}' },
  cause: { en: 'Cause', es: 'Causa' },
  remedy: { en: 'What to do', es: 'Qué hacer' },
  retry_at: { en: 'Changes by itself at', es: 'Cambia por sí solo el' },
  upstream: { en: '360dialog or Meta said', es: '360dialog o Meta dijo' },
  see_help: { en: 'See --help.', es: 'Consulte --help.' },
  yes: { en: 'yes', es: 'sí' },
  no: { en: 'no', es: 'no' },
  maybe: { en: 'maybe', es: 'quizás' },
} as const satisfies Texts;

/** A text in one language, with values for its placeholders. */
export const sayFrom =
  <T extends Texts>(texts: T) =>
  (key: keyof T, language: Language, params?: Readonly<Record<string, string | number>>): string =>
    fill(texts[key]?.[language] ?? '', params);

export const say = sayFrom(TEXTS);
