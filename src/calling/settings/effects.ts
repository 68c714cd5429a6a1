import { isDeepStrictEqual } from 'node:util';
import { type JsonRecord, list, record } from '#kernel/read.js';
import type { SettingsChange } from './settings-change.js';

/** What a change does, or does not do, in words. */
export interface Effect {
  en: string;
  es: string;
}

interface Rule extends Effect {
  /** The member of `calling` that must have changed. */
  of: string;
  /** Whether it is so with the new value. */
  when: (value: unknown, after: JsonRecord) => boolean;
}

const always = () => true;
const is = (wanted: string) => (value: unknown) => value === wanted;
const statusIs = (wanted: string) => (value: unknown) => record(value)?.status === wanted;
const isOn = (group: unknown): boolean => record(group)?.status === 'ENABLED';

const waitsForTimeout = (value: unknown): boolean => {
  const voicemail = record(value);
  const waiting = record(record(voicemail?.audio)?.default)?.timeout_seconds;
  return list(voicemail?.triggers).includes('TIMEOUT') && waiting === undefined;
};

const LATE: Effect = {
  en: 'Meta applies it at once, but users may see the old call icon for up to 7 days; opening the chat info refreshes it.',
  es: 'Meta lo aplica de inmediato, pero los usuarios pueden ver el ícono de llamada anterior hasta 7 días; abrir la información del chat lo actualiza.',
};

/** @see https://developers.facebook.com/documentation/business-messaging/whatsapp/calling/call-settings (2026-06-26) */
const RULES: readonly Rule[] = [
  {
    of: 'status',
    when: is('ENABLED'),
    en: 'Calling is on: users can call the number, and it may call those who allow it, as far as the diagnosis of the number says so.',
    es: 'Las llamadas están activas: los usuarios pueden llamar al número y este puede llamar a quienes lo permitan, según indique el diagnóstico del número.',
  },
  {
    of: 'status',
    when: is('DISABLED'),
    en: 'Calling is off in both directions: users cannot call the number, and Meta refuses its calls and permission requests.',
    es: 'Las llamadas están desactivadas en ambos sentidos: los usuarios no pueden llamar al número y Meta rechaza sus llamadas y solicitudes de permiso.',
  },
  ...['status', 'call_icon_visibility', 'call_icons'].map((of) => ({ of, when: always, ...LATE })),
  {
    of: 'call_icon_visibility',
    when: is('DISABLE_ALL'),
    en: 'Hiding the icon does not stop calls: they can still come in from contacts, the call log, call buttons and call links.',
    es: 'Ocultar el ícono no impide las llamadas: pueden seguir llegando desde los contactos, el registro de llamadas, los botones y los enlaces de llamada.',
  },
  {
    of: 'call_icons',
    when: (value) => list(record(value)?.restrict_to_user_countries).length > 0,
    en: 'The icon shows only to users whose phone number belongs to one of these countries, wherever they are.',
    es: 'El ícono solo se muestra a usuarios cuyo número de teléfono pertenece a uno de estos países, estén donde estén.',
  },
  {
    of: 'call_hours',
    when: always,
    en: 'Call hours hold only for users who call the business; calls that the business places are not affected.',
    es: 'El horario solo rige para los usuarios que llaman a la empresa; no afecta las llamadas que hace la empresa.',
  },
  {
    of: 'call_hours',
    when: statusIs('ENABLED'),
    en: 'Outside of the hours and on holidays users cannot call; they are offered a chat, a callback or the next opening.',
    es: 'Fuera del horario y en los días festivos los usuarios no pueden llamar; se les ofrece un chat, que los llamen o la próxima apertura.',
  },
  {
    of: 'callback_permission_status',
    when: is('ENABLED'),
    en: 'Every call of a user, missed ones too, from now on lets the business call back for 7 days.',
    es: 'Desde ahora cada llamada de un usuario, también las perdidas, permite a la empresa devolverla durante 7 días.',
  },
  {
    of: 'callback_permission_status',
    when: is('DISABLED'),
    en: 'A call of a user no longer lets the business call back: the permission must be asked for. Permissions held already are not taken back.',
    es: 'La llamada de un usuario ya no permite devolverla: hay que pedir permiso. Los permisos ya otorgados no se retiran.',
  },
  {
    of: 'sip',
    when: isOn,
    en: 'With SIP on, calls run over your SIP server; Meta refuses every call of this gateway.',
    es: 'Con SIP activo las llamadas pasan por su servidor SIP; Meta rechaza toda llamada de este gateway.',
  },
  {
    of: 'srtp_key_exchange_protocol',
    when: is('SDES'),
    en: 'Browsers speak only DTLS: with SDES the console and other WebRTC clients may stay silent.',
    es: 'Los navegadores solo hablan DTLS: con SDES la consola y otros clientes WebRTC pueden quedar sin audio.',
  },
  {
    of: 'audio',
    when: (value) => list(record(value)?.additional_codecs).length > 0,
    en: 'Opus stays on. G.711 calls are transcoded, which costs quality and adds delay.',
    es: 'Opus sigue activo. Las llamadas en G.711 se transcodifican, lo que resta calidad y suma retraso.',
  },
  {
    of: 'voicemail',
    when: (value, after) => isOn(value) && isOn(after.call_hours),
    en: 'Voicemail and call hours are both on; Meta advises to keep call hours off with voicemail.',
    es: 'El buzón de voz y el horario están activos a la vez; Meta recomienda desactivar el horario con el buzón.',
  },
  {
    of: 'voicemail',
    when: waitsForTimeout,
    en: 'TIMEOUT without audio.default.timeout_seconds does nothing: calls that nobody answers do not reach the voicemail.',
    es: 'TIMEOUT sin audio.default.timeout_seconds no hace nada: las llamadas que nadie contesta no llegan al buzón.',
  },
];

const pastDropped = (count: number): Effect => ({
  en: `Holidays that are past and were not sent again, because Meta refuses past dates: ${count}.`,
  es: `Días festivos ya pasados que no se enviaron de nuevo, porque Meta rechaza fechas pasadas: ${count}.`,
});

/** What a change that Meta has taken does; members that were sent and are as they were have no effect. */
export function effectsOf(before: JsonRecord, { sent, pastHolidays }: SettingsChange): Effect[] {
  const after = { ...before, ...sent };
  const effects = RULES.filter(
    ({ of, when }) => sent[of] !== undefined && !isDeepStrictEqual(sent[of], before[of]) && when(sent[of], after),
  );
  const distinct = [...new Map(effects.map(({ en, es }) => [en, { en, es }])).values()];
  return pastHolidays > 0 ? [...distinct, pastDropped(pastHolidays)] : distinct;
}
