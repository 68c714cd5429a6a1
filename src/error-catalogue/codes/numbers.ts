import { entriesFrom, SOURCE } from './entry.js';

const { aboutNumber, badInput } = entriesFrom(SOURCE.gateway);

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
] as const;
