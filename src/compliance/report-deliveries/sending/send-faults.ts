import type { Language } from '#error-catalogue/catalogue.js';

type Both = Readonly<Record<Language, string>>;

/** Why an attempt failed. */
export const SEND_FAULTS = [
  'mail_not_configured',
  'mail_server_unreachable',
  'mail_server_refuses_gateway',
  'mail_server_busy',
  'address_refused',
  'message_refused',
  'endpoint_unreachable',
  'endpoint_refused',
  'endpoint_failing',
  'no_report',
  'secret_unreadable',
] as const;
export type SendFault = (typeof SEND_FAULTS)[number];

export const isSendFault = (word: string | null): word is SendFault => SEND_FAULTS.some((fault) => fault === word);

const both = (en: string, es: string): Both => ({ en, es });

/** What happened, and what to do about it. */
export const FAULT_TEXTS: Readonly<Record<SendFault, { detail: Both; remedy: Both }>> = {
  mail_not_configured: {
    detail: both('The gateway has no mail server any more.', 'El gateway ya no tiene un servidor de correo.'),
    remedy: both('Set SMTP_URL and restart the gateway.', 'Defina SMTP_URL y reinicie el gateway.'),
  },
  mail_server_unreachable: {
    detail: both('The mail server does not answer.', 'El servidor de correo no responde.'),
    remedy: both('Check that it runs, and host and port in SMTP_URL.', 'Revise que funcione, y el servidor y el puerto en SMTP_URL.'),
  },
  mail_server_refuses_gateway: {
    detail: both(
      'The mail server does not take mail from this gateway: it refuses the password, the sender or the encryption.',
      'El servidor de correo no acepta correo de este gateway: rechaza la contraseña, el remitente o el cifrado.',
    ),
    remedy: both(
      'Check user and password in SMTP_URL, MAIL_FROM, and that the server offers TLS with a valid certificate.',
      'Revise el usuario y la contraseña en SMTP_URL, MAIL_FROM, y que el servidor ofrezca TLS con un certificado válido.',
    ),
  },
  mail_server_busy: {
    detail: both('The mail server asks to try again later.', 'El servidor de correo pide intentarlo más tarde.'),
    remedy: both('Wait; the gateway tries again.', 'Espere; el gateway vuelve a intentarlo.'),
  },
  address_refused: {
    detail: both('The mail server knows no such address.', 'El servidor de correo no conoce esa dirección.'),
    remedy: both(
      'Check the address; delete this delivery and make one with the right address.',
      'Revise la dirección; elimine este envío y cree uno con la dirección correcta.',
    ),
  },
  message_refused: {
    detail: both('The mail server refuses the message.', 'El servidor de correo rechaza el mensaje.'),
    remedy: both(
      'Ask who runs the mail server why; its log has the reason.',
      'Pregunte el motivo a quien administra el servidor de correo; está en su registro.',
    ),
  },
  endpoint_unreachable: {
    detail: both('The endpoint does not answer.', 'El destino no responde.'),
    remedy: both('Check that it runs and that its URL is right.', 'Revise que funcione y que su URL sea correcta.'),
  },
  endpoint_refused: {
    detail: both('The endpoint does not want what was posted.', 'El destino no acepta lo enviado.'),
    remedy: both('Look into its log; it must answer 2xx to a signed POST.', 'Revise su registro; debe responder 2xx a un POST firmado.'),
  },
  endpoint_failing: {
    detail: both('The endpoint answers with an error of its own.', 'El destino responde con un error propio.'),
    remedy: both('Look into its log; the gateway tries again.', 'Revise su registro; el gateway vuelve a intentarlo.'),
  },
  no_report: {
    detail: both(
      'There was no report of that period a day and a half after its end.',
      'Día y medio después de su fin no había ningún informe de ese periodo.',
    ),
    remedy: both(
      'Check COMPLIANCE_REPORT_CRON, and that the number is polled.',
      'Revise COMPLIANCE_REPORT_CRON y que el número se consulte.',
    ),
  },
  secret_unreadable: {
    detail: both('The secret of this delivery cannot be read.', 'El secreto de este envío no se puede leer.'),
    remedy: both(
      'Set SECRETS_KEY as it was; or delete this delivery and make it again.',
      'Ponga SECRETS_KEY como estaba; o elimine este envío y créelo de nuevo.',
    ),
  },
};

/** What comes of an attempt. `status`: of the server, such as 550; null without an answer. */
export type SendResult =
  | { kind: 'sent' }
  /** The gateway stops: the attempt says nothing. */
  | { kind: 'cut' }
  /** What is to be sent is not there yet. */
  | { kind: 'wait' }
  /** Nobody wants it any more. */
  | { kind: 'dropped' }
  | { kind: 'failed'; fault: SendFault; status: number | null; isFinal: boolean };

export const failedWith = (fault: SendFault, status: number | null = null, isFinal = false): SendResult => ({
  kind: 'failed',
  fault,
  status,
  isFinal,
});
