import type { Every } from '#compliance/reports/periods/span.js';
import type { Language } from '#error-catalogue/catalogue.js';

/** What readers receive about deliveries, beside the reports themselves. */
export interface ConsentTexts {
  every: Record<Every, string>;
  /** The message that asks. `host`: the name of the gateway. */
  askSubject: string;
  askBody: (host: string, every: string) => string;
  askLink: string;
  askIgnore: string;
  footer: string;
  unsubscribe: string;
  confirmTitle: string;
  confirmLead: string;
  confirmButton: string;
  confirmed: string;
  unsubscribeTitle: string;
  unsubscribeLead: string;
  unsubscribeButton: string;
  unsubscribed: string;
  unknownTitle: string;
  unknownConfirm: string;
  unknownUnsubscribe: string;
  ofNumber: (number: string) => string;
  ofAllNumbers: string;
}

export const CONSENT_TEXTS: Readonly<Record<Language, ConsentTexts>> = {
  en: {
    every: { day: 'every day', week: 'every week', month: 'every month' },
    askSubject: 'Do you want reports on WhatsApp calls?',
    askBody: (host, every) =>
      `Somebody who works with ${host} wants to send you reports on WhatsApp calls ${every}. You get them only after you confirm this address.`,
    askLink: 'Confirm this address',
    askIgnore: 'If you do not want them, do nothing: you get no further message. The link works for 30 days.',
    footer: 'You get this mail because this address was entered for reports.',
    unsubscribe: 'Stop these mails',
    confirmTitle: 'Confirm your address',
    confirmLead: 'With the button you confirm that you want these reports by mail:',
    confirmButton: 'Yes, send me these reports',
    confirmed:
      'Your address is confirmed. The first report comes after the end of the day, week or month that is under way. Every mail has a link that stops it.',
    unsubscribeTitle: 'Stop these mails',
    unsubscribeLead: 'With the button you stop these reports by mail:',
    unsubscribeButton: 'Stop these mails',
    unsubscribed: 'You get no more of these mails. To get them again, ask whoever set them up, and confirm your address anew.',
    unknownTitle: 'This link does not work any more',
    unknownConfirm: 'It is older than 30 days, or was used up. Ask whoever wants to send you reports to enter your address again.',
    unknownUnsubscribe: 'The mails that it belongs to have been stopped and deleted: you get no more of them.',
    ofNumber: (number) => `number ${number}`,
    ofAllNumbers: 'all numbers',
  },
  es: {
    every: { day: 'cada día', week: 'cada semana', month: 'cada mes' },
    askSubject: '¿Quiere recibir informes de las llamadas de WhatsApp?',
    askBody: (host, every) =>
      `Alguien que trabaja con ${host} quiere enviarle informes de las llamadas de WhatsApp ${every}. Los recibirá solo después de confirmar esta dirección.`,
    askLink: 'Confirmar esta dirección',
    askIgnore: 'Si no los quiere, no haga nada: no recibirá más mensajes. El enlace sirve durante 30 días.',
    footer: 'Recibe este correo porque esta dirección se registró para recibir informes.',
    unsubscribe: 'Dejar de recibir estos correos',
    confirmTitle: 'Confirme su dirección',
    confirmLead: 'Con el botón confirma que quiere recibir estos informes por correo:',
    confirmButton: 'Sí, quiero recibir estos informes',
    confirmed:
      'Su dirección está confirmada. El primer informe llega cuando termine el día, la semana o el mes en curso. Cada correo trae un enlace para dejar de recibirlo.',
    unsubscribeTitle: 'Dejar de recibir estos correos',
    unsubscribeLead: 'Con el botón deja de recibir estos informes por correo:',
    unsubscribeButton: 'Dejar de recibir estos correos',
    unsubscribed: 'Ya no recibirá estos correos. Para recibirlos de nuevo, pídalo a quien los configuró y confirme otra vez su dirección.',
    unknownTitle: 'Este enlace ya no sirve',
    unknownConfirm: 'Tiene más de 30 días o ya se usó. Pida a quien quiere enviarle informes que registre su dirección otra vez.',
    unknownUnsubscribe: 'Los correos a los que pertenece se detuvieron y se eliminaron: ya no recibirá más.',
    ofNumber: (number) => `número ${number}`,
    ofAllNumbers: 'todos los números',
  },
};
