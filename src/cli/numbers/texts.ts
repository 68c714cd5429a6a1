import { sayFrom } from '#cli/terminal/texts.js';

export const sayNumbers = sayFrom({
  what: {
    en: 'Say list, add, pause ID, resume ID, remove ID, new-key ID, webhook ID, rotate-token ID, channels, adopt CHANNEL or replace-environment.',
    es: 'Indique list, add, pause ID, resume ID, remove ID, new-key ID, webhook ID, rotate-token ID, channels, adopt CANAL o replace-environment.',
  },
  which: {
    en: 'Give one phone_number_id: `npm run numbers -- list` shows them.',
    es: 'Indique un phone_number_id: `npm run numbers -- list` los muestra.',
  },
  which_channel: {
    en: 'Give the id of one channel: `npm run numbers -- channels` shows them.',
    es: 'Indique el id de un canal: `npm run numbers -- channels` los muestra.',
  },
  which_webhook: { en: '--webhook must be show or register.', es: '--webhook debe ser show o register.' },
  id_is_a_word: {
    en: 'Here the number is a word, not an option: npm run numbers -- pause ID.',
    es: 'Aquí el número es una palabra, no una opción: npm run numbers -- pause ID.',
  },
  key_in_arguments: {
    en: 'add takes no words. Give the key of the number on the terminal, on stdin or in NUMBER_API_KEY: arguments stand in the list of processes and in the history of the shell.',
    es: 'add no admite palabras. Dé la clave del número en la terminal, por la entrada estándar o en NUMBER_API_KEY: los argumentos quedan en la lista de procesos y en el historial de la shell.',
  },
  key_question: { en: 'Key of the number at 360dialog (not shown): ', es: 'Clave del número en 360dialog (no se muestra): ' },
  no_number_key: {
    en: 'No key was given: type it on the terminal, or give it on stdin or in NUMBER_API_KEY.',
    es: 'No se dio ninguna clave: escríbala en la terminal o dela por la entrada estándar o en NUMBER_API_KEY.',
  },
  none: { en: 'There is no number.', es: 'No hay ningún número.' },
  none_unhealthy: { en: 'No number is in trouble.', es: 'Ningún número tiene problemas.' },
  column_id: { en: 'phone_number_id', es: 'phone_number_id' },
  column_number: { en: 'number', es: 'número' },
  column_name: { en: 'name', es: 'nombre' },
  column_state: { en: 'state', es: 'estado' },
  column_key: { en: 'key', es: 'clave' },
  column_webhook: { en: 'webhook', es: 'webhook' },
  column_last_delivery: { en: 'last delivery', es: 'última entrega' },
  of_environment: { en: 'environment', es: 'entorno' },
  key_accepted: { en: 'accepted', es: 'aceptada' },
  key_rejected: { en: 'REJECTED', es: 'RECHAZADA' },
  key_unknown: { en: 'unknown', es: 'no se sabe' },
  webhook_here: { en: 'here', es: 'aquí' },
  webhook_elsewhere: { en: 'ELSEWHERE', es: 'EN OTRA PARTE' },
  webhook_unknown: { en: 'unknown', es: 'no se sabe' },
  added: { en: 'Number {id} (+{number}) was added.', es: 'Se agregó el número {id} (+{number}).' },
  to_register: {
    en: 'Register this webhook at 360dialog. It is shown this once:',
    es: 'Registre este webhook en 360dialog. Se muestra solo esta vez:',
  },
  not_registered: {
    en: 'Its webhook could not be registered ({problem}): `npm run numbers -- webhook {id}` tries again.',
    es: 'No se pudo registrar su webhook ({problem}): `npm run numbers -- webhook {id}` lo intenta de nuevo.',
  },
  registered: { en: '360dialog delivers its webhooks to this gateway.', es: '360dialog entrega sus webhooks a este gateway.' },
  elsewhere: { en: '360dialog delivers its webhooks to {url}.', es: '360dialog entrega sus webhooks en {url}.' },
  replaced: { en: 'Replaced and kept, to be restored: {url}', es: 'Se reemplazó y se guardó, para restaurarlo: {url}' },
  would_replace: {
    en: 'To replace it, run this again with --replaces {url}',
    es: 'Para reemplazarlo, ejecute esto de nuevo con --replaces {url}',
  },
  pinned: {
    en: 'These were made while there was one number, and keep it: {ids}',
    es: 'Se crearon cuando había un solo número, y lo conservan: {ids}',
  },
  exempt: {
    en: 'These keys reach every number, and must name one from now on: {ids}',
    es: 'Estas claves alcanzan todos los números y desde ahora deben nombrar uno: {ids}',
  },
  paused: {
    en: 'Number {id} is paused: it places no calls and asks for no permission. Live calls go on.',
    es: 'El número {id} está en pausa: no hace llamadas ni pide permisos. Las llamadas en curso continúan.',
  },
  resumed: { en: 'Number {id} is active.', es: 'El número {id} está activo.' },
  key_taken: {
    en: 'Number {id} has its new key. 360dialog may have dropped its webhook: `npm run numbers -- webhook {id}` registers it.',
    es: 'El número {id} tiene su clave nueva. Puede que 360dialog haya quitado su webhook: `npm run numbers -- webhook {id}` lo registra.',
  },
  rotated: {
    en: 'There is a new token; the one before stays valid until a delivery has carried the new one.',
    es: 'Hay un token nuevo; el anterior sigue vigente hasta que una entrega lleve el nuevo.',
  },
  rotated_registered: { en: 'There is a new token, and 360dialog has it.', es: 'Hay un token nuevo, y 360dialog ya lo tiene.' },
  ask_remove: {
    en: 'Number {id} takes no new calls from now on; its live calls end, its webhook is restored and its secrets are destroyed. Its calls stay until their retention ends. Remove? [y/N]',
    es: 'El número {id} ya no admite llamadas nuevas; terminan las que están en curso, se restaura su webhook y se destruyen sus secretos. Sus llamadas quedan hasta el fin de su retención. ¿Quitar? [s/N]',
  },
  ask_erase: {
    en: 'Number {id} is removed, and all of its calls, reports and people are deleted for good. Remove and delete? [y/N]',
    es: 'El número {id} se quita, y todas sus llamadas, informes y personas se borran para siempre. ¿Quitar y borrar? [s/N]',
  },
  removing: {
    en: 'Number {id} is being removed: `npm run numbers -- list` shows it until that is done.',
    es: 'El número {id} se está quitando: `npm run numbers -- list` lo muestra hasta que termine.',
  },
  no_channels: { en: 'The partner has no channels.', es: 'El partner no tiene canales.' },
  ours: { en: '→ number {id}', es: '→ número {id}' },
  not_ours: { en: '(not here)', es: '(no está aquí)' },
  would_revoke: {
    en: 'Nothing was done: a new key revokes every earlier key of channel {channel}, and what uses one stops working. Say --revoke-existing-keys if that may be.',
    es: 'No se hizo nada: una clave nueva revoca todas las claves anteriores del canal {channel}, y lo que use alguna deja de funcionar. Indique --revoke-existing-keys si puede ser así.',
  },
  gateway_runs: {
    en: 'Nothing was changed: a gateway runs on this database. Stop every replica, and run this again.',
    es: 'No se cambió nada: un gateway usa esta base de datos. Detenga todas las réplicas y ejecute esto de nuevo.',
  },
  live_calls: {
    en: 'Nothing was changed: number {number} has calls that have not ended ({count}), and only its own key can end them. Start the gateway with the former D360_API_KEY until they have, or give --force: they then end here by their deadlines.',
    es: 'No se cambió nada: el número {number} tiene llamadas sin terminar ({count}), y solo su propia clave puede terminarlas. Inicie el gateway con la D360_API_KEY anterior hasta que terminen, o use --force: entonces terminan aquí al vencer sus plazos.',
  },
  no_key: {
    en: 'D360_API_KEY is missing: set it to the key of the new number.',
    es: 'Falta D360_API_KEY: defínala con la clave del nuevo número.',
  },
  no_number: {
    en: '360dialog names no number for D360_API_KEY: {message}',
    es: '360dialog no nombra ningún número para D360_API_KEY: {message}',
  },
  configured: {
    en: 'D360_API_KEY is the key of number {named}, but D360_PHONE_NUMBER_ID is {configured}: correct one of them.',
    es: 'D360_API_KEY es la clave del número {named}, pero D360_PHONE_NUMBER_ID es {configured}: corrija una de las dos.',
  },
  same: {
    en: 'D360_API_KEY is the key of number {named}, which is the number of the environment already.',
    es: 'D360_API_KEY es la clave del número {named}, que ya es el número del entorno.',
  },
  ask: {
    en: 'Number {former} is of the environment now; {named} takes its place. The calls and reports of {former} stay until their retention ends. Replace? [y/N]',
    es: 'El número del entorno es ahora {former}; {named} toma su lugar. Las llamadas y los reportes de {former} quedan hasta el fin de su retención. ¿Reemplazar? [s/N]',
  },
  needs_yes: {
    en: 'Nothing was changed: answer on a terminal, or give --yes.',
    es: 'No se cambió nada: responda en una terminal o use --yes.',
  },
  declined: { en: 'Nothing was changed.', es: 'No se cambió nada.' },
  done: {
    en: 'Number {named} is that of the environment. Start the gateway with this D360_API_KEY, every replica, and register its webhook with `npm run register-webhook`.',
    es: 'El número {named} es el del entorno. Inicie el gateway, cada réplica, con esta D360_API_KEY y registre su webhook con `npm run register-webhook`.',
  },
});
