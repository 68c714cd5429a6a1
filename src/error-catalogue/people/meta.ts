import type { metaCodes } from '../codes/meta.js';
import { type PeopleFor, toPeople } from './people.js';

export const metaPeople: PeopleFor<typeof metaCodes> = {
  invalid_parameter: toPeople(
    'WhatsApp did not accept the number or the sound of this call.',
    'WhatsApp no aceptó el número o el audio de esta llamada.',
    'correct_number',
  ),
  invalid_message_parameter: toPeople(
    'WhatsApp did not accept the message that asks {name} for permission.',
    'WhatsApp no aceptó el mensaje que pide permiso a {name}.',
    'contact_administrator',
  ),
  recipient_is_sender: toPeople(
    'This is your own business number. Enter the number of the person.',
    'Este es el número de su propia empresa. Escriba el de la persona.',
    'correct_number',
  ),
  number_deleted: toPeople(
    'Your business number was deleted at Meta.',
    'Su número de empresa fue eliminado en Meta.',
    'contact_administrator',
  ),
  number_not_registered: toPeople(
    'Your business number is not registered at WhatsApp. 360dialog can do that.',
    'Su número de empresa no está registrado en WhatsApp. 360dialog puede hacerlo.',
    'contact_administrator',
  ),
  display_name_not_approved: toPeople(
    'WhatsApp has not approved the display name of your business yet, so you cannot write.',
    'WhatsApp aún no aprueba el nombre visible de su empresa, así que no puede escribir.',
    'contact_administrator',
  ),
  account_deleted: toPeople(
    'The WhatsApp account of your number was deleted, so calls are refused.',
    'Se eliminó la cuenta de WhatsApp de su número, así que se rechazan las llamadas.',
    'contact_administrator',
  ),
  account_disabled: toPeople(
    'WhatsApp has banned your account. Ask for a review in Meta Business Suite.',
    'WhatsApp bloqueó su cuenta. Pida una revisión en Meta Business Suite.',
    'contact_administrator',
  ),
  account_disable_scheduled: toPeople(
    'WhatsApp is going to ban your account. Ask for a review now; calls go on until then.',
    'WhatsApp va a bloquear su cuenta. Pida una revisión ya; las llamadas siguen hasta entonces.',
    'contact_administrator',
  ),
  account_disconnected: toPeople(
    'A partner has lost access to your account; calls may be refused until it is connected again.',
    'Un partner perdió el acceso a su cuenta; puede que se rechacen llamadas hasta que se conecte.',
    'contact_administrator',
  ),
  number_on_business_app: toPeople(
    'Your number is used in the WhatsApp Business app, which rules out calls from here.',
    'Su número se usa en la app WhatsApp Business, y eso impide llamar desde aquí.',
    'contact_administrator',
  ),
  account_restricted: toPeople(
    'WhatsApp has restricted your account for breaking a rule. Ask for a review there.',
    'WhatsApp restringió su cuenta por incumplir una norma. Pida allí una revisión.',
    'contact_administrator',
  ),
  account_locked: toPeople(
    'Meta has locked your account until it is reviewed.',
    'Meta bloqueó su cuenta hasta que se revise.',
    'contact_administrator',
  ),
  payment_required: toPeople(
    'Meta cannot charge your account. Set the payment right, and calls work again.',
    'Meta no puede cobrar a su cuenta. Corrija el pago y las llamadas volverán a funcionar.',
    'contact_administrator',
  ),
  pick_up_rate_low: toPeople(
    'Several people do not take your calls. Call at agreed hours, or WhatsApp takes permissions away.',
    'Varias personas no contestan sus llamadas. Llame a horas acordadas o WhatsApp retirará permisos.',
    'open_calls',
  ),
  inbound_pick_up_rate_low: toPeople(
    'Many calls to you go unanswered. WhatsApp may hide your call button.',
    'Muchas llamadas a su número quedan sin contestar. WhatsApp puede ocultar su botón de llamada.',
    'open_settings',
  ),
  not_in_allow_list: toPeople(
    'This test number reaches only people on its list, and {name} is not on it.',
    'Este número de prueba solo llega a las personas de su lista, y {name} no está en ella.',
    'contact_administrator',
  ),
  recipient_country_restricted: toPeople(
    'WhatsApp does not let your account reach people in the country of {name}.',
    'WhatsApp no permite que su cuenta contacte a personas del país de {name}.',
    'contact_administrator',
  ),
  window_closed: toPeople(
    'You may ask when {name} writes or calls; the last time was over 24 hours ago.',
    'Podrá pedir permiso cuando {name} escriba o llame; la última vez fue hace más de 24 horas.',
    'wait',
  ),
  marketing_limit_reached: toPeople(
    '{name} gets no more business messages for now. Try again in some days.',
    '{name} no recibe más mensajes de empresas por ahora. Inténtelo en unos días.',
    'ask_again_at',
  ),
  user_opted_out: toPeople(
    '{name} wants no such messages from you. Wait until they write.',
    '{name} no quiere recibir estos mensajes. Espere a que escriba.',
    'wait',
  ),
  pair_rate_limited: toPeople(
    '{name} got several messages in a short time. Wait some seconds.',
    '{name} recibió varios mensajes en poco tiempo. Espere unos segundos.',
    'ask_again_at',
  ),
  spam_rate_limited: toPeople(
    'People have reported messages of your number, so WhatsApp lets it send fewer for now.',
    'Algunas personas reportaron mensajes de su número y WhatsApp le permite enviar menos por ahora.',
    'wait',
  ),
};
