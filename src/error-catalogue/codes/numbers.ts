import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, badInput, refusedUpstream } = entriesFrom(SOURCE.gateway);

/** Codes about adding, changing and removing business numbers. */
export const numberCodes = [
  aboutNumber('number_exists', {
    title: ['This number is one of ours already', 'Este número ya es nuestro'],
    detail: [
      'The key is that of a number which this gateway has already, the one in `phone_number_id`. Nothing was kept.',
      'La clave es de un número que este gateway ya tiene, el de `phone_number_id`. No se guardó nada.',
    ],
    remedy: [
      'Give the number its new key with PATCH /api/numbers/…. While it is being removed, wait until GET /api/numbers shows it no more.',
      'Dé la clave nueva al número con PATCH /api/numbers/…. Si se está quitando, espere a que GET /api/numbers ya no lo muestre.',
    ],
  }),
  badInput('number_key_rejected', {
    title: ['360dialog does not accept this key', '360dialog no acepta esta clave'],
    detail: [
      '360dialog refused the given key, or named no number for it: {message}. Nothing was kept.',
      '360dialog rechazó la clave dada o no nombró ningún número para ella: {message}. No se guardó nada.',
    ],
    remedy: [
      'Copy the newest key of the number from the 360dialog Hub: making a new one revokes every earlier one.',
      'Copie la clave más reciente del número desde el Hub de 360dialog: al crear una nueva se revocan todas las anteriores.',
    ],
  }),
  aboutNumber('webhook_occupied', {
    title: ['Another webhook is registered for this number', 'El número ya tiene registrado otro webhook'],
    detail: [
      '360dialog delivers the webhooks of this number to {message}. It was not replaced.',
      '360dialog entrega los webhooks de este número en {message}. No se reemplazó.',
    ],
    remedy: [
      'If it is to be replaced, send `replaces` with exactly that address; the gateway keeps what it replaces. To let its owner go on receiving, make it the `forward` of the number.',
      'Si debe reemplazarse, envíe `replaces` con esa misma dirección; el gateway guarda lo que reemplaza. Para que su dueño siga recibiendo, póngala como `forward` del número.',
    ],
  }),
  aboutNumber('webhook_not_replaced', {
    title: ['There is no earlier webhook to restore', 'No hay un webhook anterior que restaurar'],
    detail: [
      'This gateway has replaced no other webhook of this number, and 360dialog has no way to register none. Nothing was changed.',
      'Este gateway no reemplazó ningún otro webhook de este número, y 360dialog no permite dejarlo sin webhook. No se cambió nada.',
    ],
    remedy: [
      'Register the webhook of the next system there, or remove the number with DELETE /api/numbers/….',
      'Registre desde allí el webhook del siguiente sistema, o quite el número con DELETE /api/numbers/….',
    ],
  }),
  aboutNumber('number_paused', {
    title: ['The number is paused', 'El número está en pausa'],
    detail: [
      'An operator has paused this number: it places no calls and asks for no permission. Webhooks and live calls go on. Nothing was sent.',
      'Un operador puso este número en pausa: no hace llamadas ni pide permisos. Los webhooks y las llamadas en curso continúan. No se envió nada.',
    ],
    remedy: ['Set `state` to `active` with PATCH /api/numbers/….', 'Ponga `state` en `active` con PATCH /api/numbers/….'],
  }),
  aboutNumber('number_removing', {
    title: ['The number is being removed', 'El número se está quitando'],
    detail: [
      'This number takes no new calls: its live calls end, what waits is processed, then its secrets are destroyed. Nothing was sent.',
      'Este número ya no admite llamadas: terminan las que están en curso, se procesa lo que espera y luego se destruyen sus secretos. No se envió nada.',
    ],
    remedy: [
      'Use another number. Once it is removed, it can be added again with POST /api/numbers.',
      'Use otro número. Cuando se haya quitado, puede agregarse de nuevo con POST /api/numbers.',
    ],
  }),
  aboutNumber('environment_number', {
    title: ['This belongs to the environment', 'Esto pertenece al entorno'],
    detail: [
      'The key, the webhook token and the forwarding of this number are settings of the environment and stand in no database; it cannot be removed. Nothing was changed.',
      'La clave, el token del webhook y el reenvío de este número son configuración del entorno y no están en ninguna base de datos; el número no puede quitarse. No se cambió nada.',
    ],
    remedy: [
      'Change D360_API_KEY, D360_WEBHOOK_TOKEN or WEBHOOK_FORWARD_URL and restart; for a key of another number run `npm run numbers -- replace-environment` before. `npm run register-webhook` changes its webhook.',
      'Cambie D360_API_KEY, D360_WEBHOOK_TOKEN o WEBHOOK_FORWARD_URL y reinicie; si la clave es de otro número, ejecute antes `npm run numbers -- replace-environment`. `npm run register-webhook` cambia su webhook.',
    ],
  }),
  aboutNumber('would_revoke_keys', {
    title: ['A new key would revoke the present one', 'Una clave nueva revocaría la actual'],
    detail: [
      'To adopt a channel the gateway makes a key of it, and 360dialog then revokes every earlier key of this number: what uses one of them stops working. No key was made.',
      'Para adoptar un canal, el gateway crea una clave y 360dialog revoca todas las anteriores de ese número: lo que use una de ellas deja de funcionar. No se creó ninguna clave.',
    ],
    remedy: [
      'If nothing else needs the present key, send `revoke_existing_keys: true`. If you have the key, add the number with POST /api/numbers instead: that revokes nothing.',
      'Si nada más necesita la clave actual, envíe `revoke_existing_keys: true`. Si tiene la clave, agregue el número con POST /api/numbers: eso no revoca nada.',
    ],
  }),
  aboutNumber('partner_not_configured', {
    title: ['There are no partner credentials', 'No hay credenciales de partner'],
    detail: [
      'Channels are those of a partner at 360dialog, and this gateway has no credentials of one. Nothing was asked.',
      'Los canales son los de un partner en 360dialog y este gateway no tiene credenciales de ninguno. No se consultó nada.',
    ],
    remedy: [
      'Set D360_PARTNER_ID and D360_PARTNER_API_KEY and restart, or add numbers by their keys with POST /api/numbers.',
      'Configure D360_PARTNER_ID y D360_PARTNER_API_KEY y reinicie, o agregue números por su clave con POST /api/numbers.',
    ],
  }),
  aboutNumber('adoption_in_progress', {
    title: ['This channel is being adopted', 'Este canal se está adoptando'],
    detail: [
      'Another request adopts this channel right now. This one made no key.',
      'Otra solicitud está adoptando este canal en este momento. Esta no creó ninguna clave.',
    ],
    remedy: [
      'Wait for the other answer; GET /api/partner/channels shows what came of it. After two minutes the adoption can be asked for again.',
      'Espere la otra respuesta; GET /api/partner/channels muestra el resultado. Pasados dos minutos puede pedirse de nuevo la adopción.',
    ],
  }),
  refusedUpstream('channel_key_unknown', {
    title: ['It is unknown whether a key was made', 'Se desconoce si se creó una clave'],
    detail: [
      '360dialog was asked to make a key of this channel, and gave no readable answer: {message}. If it was made, the earlier keys are revoked and nobody has the new one.',
      'Se pidió a 360dialog crear una clave de este canal y no hubo una respuesta legible: {message}. Si se creó, las anteriores están revocadas y nadie tiene la nueva.',
    ],
    remedy: [
      'Adopt the channel again with `revoke_existing_keys: true`: a new key ends the doubt. Until then GET /api/partner/channels lists it under `unfinished`.',
      'Adopte el canal otra vez con `revoke_existing_keys: true`: una clave nueva acaba con la duda. Mientras tanto, GET /api/partner/channels lo muestra en `unfinished`.',
    ],
  }),
] as const;
