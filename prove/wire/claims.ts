import { sayFrom, type Texts } from '#cli/terminal/texts.js';

/** The assumptions about the upstream API that `verify-wire` can check, by their ids in docs/assumptions.md; the others are checked by hand. */
export const CLAIMS = {
  W01: {
    en: 'A call action with messaging_product is understood',
    es: 'Una acción de llamada con messaging_product se entiende',
  },
  W02: {
    en: 'A call id nobody knows is refused in words that we can read',
    es: 'Un id de llamada desconocido se rechaza con un texto que el gateway reconoce',
  },
  W03: { en: 'There is no call action request_permission', es: 'No existe la acción de llamada request_permission' },
  W04: { en: 'The 200 of connect carries the wacid of the call', es: 'El 200 de connect trae el wacid de la llamada' },
  W05: { en: 'biz_opaque_callback_data comes back in connect', es: 'biz_opaque_callback_data vuelve en connect' },
  W06: { en: 'biz_opaque_callback_data comes back in call statuses', es: 'biz_opaque_callback_data vuelve en los estados de la llamada' },
  W07: { en: 'biz_opaque_callback_data comes back in terminate', es: 'biz_opaque_callback_data vuelve en terminate' },
  W08: { en: 'connect is no answer: ACCEPTED tells the answer', es: 'connect no indica que contestaron: eso lo indica ACCEPTED' },
  W09: { en: 'The SDP answer of an outbound call takes a DTLS role', es: 'La respuesta SDP de una llamada saliente elige un papel DTLS' },
  W10: { en: 'RINGING tells that the phone rings', es: 'RINGING indica que el teléfono suena' },
  W11: {
    en: 'Meta itself ends an unanswered call before our deadline',
    es: 'Meta termina una llamada sin respuesta antes de que venza nuestro plazo',
  },
  W16: {
    en: 'The terminate of an unanswered call says COMPLETED, without times',
    es: 'El terminate de una llamada sin respuesta trae COMPLETED, sin horas',
  },
  W17: { en: 'A declined call tells REJECTED, then terminate', es: 'Una llamada rechazada produce REJECTED y después terminate' },
  W18: { en: 'The terminate webhook follows our own terminate', es: 'El webhook terminate llega después de nuestro terminate' },
  W19: { en: 'From ACCEPTED to the end are the seconds of duration', es: 'duration son los segundos desde ACCEPTED hasta el final' },
  W20: {
    en: 'Ending a call that is over is refused in words that we can read',
    es: 'Terminar una llamada ya terminada se rechaza con un texto que el gateway reconoce',
  },
  W25: { en: "A permission is read in Meta's shape", es: 'Un permiso se lee con la forma de Meta' },
  W26: { en: 'Bare digits name a user; a + is not needed', es: 'Los dígitos solos nombran a un usuario; no hace falta +' },
  W27: { en: 'A permission can be read by BSUID', es: 'Un permiso se puede leer por BSUID' },
  W28: { en: 'A permission is no_permission, temporary or permanent', es: 'Un permiso es no_permission, temporary o permanent' },
  W29: { en: 'The end of a temporary permission is expiration_time', es: 'El fin de un permiso temporal es expiration_time' },
  W30: { en: "The live limits are those of Meta's documents", es: 'Los límites reales son los de los documentos de Meta' },
  W31: {
    en: 'A number nobody can call reads as no_permission, not as an error',
    es: 'Un número al que nadie puede llamar se lee como no_permission, no como error',
  },
  W34: {
    en: 'A permission request gives a message id and then message statuses',
    es: 'Una solicitud de permiso da un id de mensaje y luego estados de mensaje',
  },
  W35: { en: 'The reply names the request it answers', es: 'La respuesta nombra la solicitud que contesta' },
  W36: { en: 'A temporary permission lasts 7 days from the reply', es: 'Un permiso temporal dura 7 días desde la respuesta' },
  W37: { en: 'Right after the reply a reading allows the call', es: 'Justo después de la respuesta, la lectura permite llamar' },
  W38: {
    en: 'A connected call resets the count of permission requests',
    es: 'Una llamada conectada reinicia la cuenta de solicitudes de permiso',
  },
  W43: { en: 'Meta names the person whom we dialled', es: 'Meta nombra a la persona a la que llamamos' },
  W44: { en: 'Meta tells the BSUID of a person', es: 'Meta informa el BSUID de una persona' },
  W48: { en: 'The registered webhook reads as { url, headers }', es: 'El webhook registrado se lee como { url, headers }' },
  W49: { en: 'The registered headers stand on each delivery', es: 'Los encabezados registrados vienen en cada entrega' },
  W50: { en: 'Call webhooks arrive without any subscription', es: 'Los webhooks de llamadas llegan sin suscripción' },
  W51: { en: 'Deliveries carry x-360dialog-signature', es: 'Las entregas traen x-360dialog-signature' },
  W52: { en: "The gateway's clock and that of 360dialog agree", es: 'El reloj del gateway y el de 360dialog coinciden' },
  W53: {
    en: 'The timestamps of call webhooks are the moments themselves',
    es: 'Las horas de los webhooks de llamadas son las de los hechos mismos',
  },
  W59: { en: 'calling.status is ENABLED, DISABLED or NOT_SET', es: 'calling.status es ENABLED, DISABLED o NOT_SET' },
  W60: { en: 'Restrictions are an array under one of three names', es: 'Las restricciones son una lista con uno de tres nombres' },
  W61: {
    en: 'callback_permission_status is ENABLED, DISABLED or NOT_SET',
    es: 'callback_permission_status es ENABLED, DISABLED o NOT_SET',
  },
  W62: { en: 'call_icon_visibility is DEFAULT or DISABLE_ALL', es: 'call_icon_visibility es DEFAULT o DISABLE_ALL' },
  W63: { en: 'The health tells the id of the number', es: 'El estado de salud trae el id del número' },
  W64: { en: 'can_receive_call_sip speaks in known words', es: 'can_receive_call_sip usa valores conocidos' },
  W69: {
    en: 'The messaging limit cannot be read with the key of the number',
    es: 'El límite de mensajería no se puede leer con la clave del número',
  },
  W75: {
    en: 'A refused key is told in a shape that we can read',
    es: 'El rechazo de una clave llega en un formato que el gateway reconoce',
  },
  W76: { en: "Refusals carry Meta's code and fbtrace_id", es: 'Los rechazos traen el código y el fbtrace_id de Meta' },
  W84: {
    en: 'Meta takes call actions of this partner: it is the Call primary',
    es: 'Meta acepta las acciones de llamada de este partner: es el Call primary',
  },
} as const satisfies Texts;

export type AssumptionId = keyof typeof CLAIMS;

export const ALL_IDS = Object.keys(CLAIMS) as AssumptionId[];

export const sayClaim = sayFrom(CLAIMS);
