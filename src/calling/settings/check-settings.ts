import type { FieldError } from '#kernel/problem.js';
import { record } from '#kernel/read.js';
import { callHours } from './check-hours.js';
import type { SettingsChange } from './settings-change.js';
import { type Check, listOf, members, must, oneOf, onOff, wrong } from './shape.js';

const REGIONS = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
/** Codes that name more or less than a country. */
const NO_COUNTRIES: ReadonlySet<string> = new Set(['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']);

const isCountry = (value: unknown): boolean =>
  typeof value === 'string' && /^[A-Z]{2}$/.test(value) && !NO_COUNTRIES.has(value) && REGIONS.of(value) !== undefined;

const country = must(
  isCountry,
  'must be a country code of two capital letters (ISO 3166)',
  'debe ser un código de país de dos letras mayúsculas (ISO 3166)',
);

const whole = (min: number, max: number): Check =>
  must(
    (value) => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max,
    `must be a whole number, ${min} to ${max}`,
    `debe ser un número entero, de ${min} a ${max}`,
  );

const mediaId = must(
  (value) =>
    (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) || (typeof value === 'string' && /^\d{1,30}$/.test(value)),
  'must be the id of an uploaded medium; beyond 9007199254740991 written as a text',
  'debe ser el id de un medio cargado; por encima de 9007199254740991, como texto',
);

const hostname = must(
  (value) => typeof value === 'string' && /^[a-z\d]([a-z\d.-]{0,251}[a-z\d])?$/i.test(value),
  'must be a host name',
  'debe ser un nombre de host',
);

const parameters = must(
  (value) =>
    Object.entries(record(value) ?? { '': null }).every(
      ([name, text]) => name && typeof text === 'string' && text.length + name.length <= 128,
    ),
  'must be an object of texts, each at most 128 characters with its name',
  'debe ser un objeto de textos, cada uno de 128 caracteres como máximo con su nombre',
);

/** Meta's pages name the member and not its shape. */
const anything: Check = () => [];

const sip = members({
  status: onOff,
  servers: listOf(members({ hostname, port: whole(1, 65_535), request_uri_user_params: parameters }, ['hostname'])),
  webhook_delivery: anything,
});

const voicemail = members({
  status: onOff,
  triggers: listOf(oneOf('REJECT', 'TIMEOUT')),
  audio: members({ default: members({ announcement_media_id: mediaId, timeout_seconds: whole(0, 30) }) }),
});

const settings = (now: number): Check =>
  members({
    status: onOff,
    call_icon_visibility: oneOf('DEFAULT', 'DISABLE_ALL'),
    call_icons: members({ restrict_to_user_countries: listOf(country) }, ['restrict_to_user_countries']),
    call_hours: callHours(now),
    callback_permission_status: onOff,
    sip,
    srtp_key_exchange_protocol: oneOf('DTLS', 'SDES'),
    audio: members({ additional_codecs: listOf(oneOf('PCMA', 'PCMU')) }, ['additional_codecs']),
    voicemail,
  });

/**
 * What Meta would refuse of a change, each fault with the path of its field. What was filled in from the live settings
 * Meta has taken before: it is not the caller's to mend.
 * @param now ms since 1970
 * @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06-26)
 */
export const checkSettings = ({ sent, stored, setByMeta }: SettingsChange, now: number): FieldError[] => [
  ...setByMeta.flatMap((field) => wrong(field, ONLY_META.en, ONLY_META.es)),
  ...settings(now)(sent, 'calling').filter(({ field }) => !stored.some((path) => field.startsWith(path))),
];

const ONLY_META = {
  en: 'only Meta sets it: leave it out, or send it back exactly as it was read',
  es: 'solo Meta lo establece: omítalo o devuélvalo exactamente como se leyó',
};
