import type { Language } from '#error-catalogue/catalogue.js';
import { entryOf, fill } from '#error-catalogue/lookup.js';

/** What a cause was when it was read, and what people do about it. `[English, Spanish]` */
const CAUSES: Readonly<Record<string, { was: readonly [string, string]; act: readonly [string, string] }>> = {
  calling_disabled: {
    was: ['calling was off', 'la función de llamadas estaba desactivada'],
    act: ['turn calling on in the console, under Settings', 'active las llamadas en la consola, en Ajustes'],
  },
  sip_enabled: {
    was: ['calls went to a telephone system (SIP)', 'las llamadas iban a una central telefónica (SIP)'],
    act: ['turn SIP off in the console, under Settings', 'desactive SIP en la consola, en Ajustes'],
  },
  calling_restricted: {
    was: ['Meta had paused calls of this number', 'Meta tenía en pausa las llamadas de este número'],
    act: ['wait until the pause ends, and call only people who expect it', 'espere a que termine la pausa y llame solo a quien lo espera'],
  },
  country_not_supported: {
    was: ['calls from this country were not offered by Meta', 'Meta no ofrecía llamadas desde este país'],
    act: ['call from a number of another country', 'llame desde un número de otro país'],
  },
  not_call_primary: {
    was: ['another partner handled the calls', 'otro partner gestionaba las llamadas'],
    act: [
      'make this partner the one for calls in the WhatsApp Manager',
      'elija este partner para las llamadas en el Administrador de WhatsApp',
    ],
  },
  messaging_limit_too_low: {
    was: ['the messaging limit was too low for calls', 'el límite de mensajes era demasiado bajo para llamar'],
    act: ['verify the business, or reach more people by message', 'verifique la empresa o alcance a más personas por mensaje'],
  },
  pick_up_rate_low: {
    was: ['few people picked up our calls', 'pocas personas contestaron nuestras llamadas'],
    act: ['announce calls by message first', 'anuncie antes las llamadas por mensaje'],
  },
  inbound_pick_up_rate_low: {
    was: ['few calls of customers were picked up', 'se contestaron pocas llamadas de clientes'],
    act: ['have somebody answer during business hours', 'tenga a alguien que conteste en el horario de atención'],
  },
  webhook_unregistered: {
    was: ['calls were not sent to this gateway', 'las llamadas no se enviaban a este gateway'],
    act: ['ask your technician to register the webhook', 'pida a su técnico que registre el webhook'],
  },
  webhook_elsewhere: {
    was: ['calls were sent to another system', 'las llamadas se enviaban a otro sistema'],
    act: ['ask your technician to register the webhook here', 'pida a su técnico que registre el webhook aquí'],
  },
  upstream_key_rejected: {
    was: ['360dialog refused the key of this number', '360dialog rechazaba la clave de este número'],
    act: ['give this number a new key of 360dialog', 'dé a este número una nueva clave de 360dialog'],
  },
  payment_required: {
    was: ['a payment to Meta was missing', 'faltaba un pago a Meta'],
    act: ['check the means of payment of the account', 'revise el medio de pago de la cuenta'],
  },
  number_on_business_app: {
    was: ['the number was in the WhatsApp Business app', 'el número estaba en la app WhatsApp Business'],
    act: ['move the number out of the Business app', 'saque el número de la app Business'],
  },
  number_paused: {
    was: ['the number was paused here', 'el número estaba en pausa aquí'],
    act: ['resume the number in the console, under Numbers', 'reanude el número en la consola, en Números'],
  },
  number_removing: {
    was: ['the number was being removed', 'el número se estaba eliminando'],
    act: ['nothing: its calls end by themselves', 'nada: sus llamadas terminan solas'],
  },
};

const at = (language: Language) => (language === 'es' ? 1 : 0);

/** What a code of a gate meant when it was read, without a point; the title of the catalogue for a code without a text of its own. */
export function causeText(code: string, language: Language): string {
  const known = CAUSES[code]?.was[at(language)];
  if (known !== undefined) return known;
  const title = entryOf(code)?.[language].title;
  return title === undefined ? code.replaceAll('_', ' ') : lowerFirst(fill(title).replace(/\.$/, ''));
}

/** What people do about a code, as the end of a sentence without a point. */
export const actionText = (code: string, language: Language): string =>
  CAUSES[code]?.act[at(language)] ??
  (language === 'es' ? 'abra Elegibilidad en la consola y siga lo que indica' : 'open Eligibility in the console and do what it says');

const lowerFirst = (text: string): string => (/^[A-ZÁÉÍÓÚ][a-záéíóú]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
