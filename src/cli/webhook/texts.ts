import { sayFrom } from '#cli/terminal/texts.js';

export const sayWebhook = sayFrom({
  no_token: {
    en: 'D360_WEBHOOK_TOKEN is not set: it is the secret that each delivery must carry. The built-in simulator needs no registration.',
    es: 'Falta D360_WEBHOOK_TOKEN: es el secreto que debe traer cada entrega. El simulador integrado no necesita registro.',
  },
  unreachable_url: {
    en: 'PUBLIC_URL is {url}: 360dialog delivers only to https:, without a port and without an underscore in the host.',
    es: 'PUBLIC_URL es {url}: 360dialog entrega solo a https:, sin puerto y sin guion bajo en el dominio.',
  },
  now: { en: 'Registered now', es: 'Registrado ahora' },
  nothing: { en: 'nothing', es: 'nada' },
  with_headers: { en: '{url} with the headers {names}', es: '{url} con los encabezados {names}' },
  next: { en: 'Will be registered', es: 'Se registrará' },
  already: { en: 'This gateway is registered already; nothing was changed.', es: 'Este gateway ya está registrado; no se cambió nada.' },
  ask: { en: 'Replace it? [y/N] ', es: '¿Reemplazarlo? [s/N] ' },
  needs_yes: {
    en: 'Nothing was changed. Add --yes to replace it without being asked.',
    es: 'No se cambió nada. Agregue --yes para reemplazarlo sin confirmación.',
  },
  declined: { en: 'Nothing was changed.', es: 'No se cambió nada.' },
  done: { en: 'Registered: 360dialog now delivers to {url}', es: 'Registrado: 360dialog entrega ahora a {url}' },
  kept: {
    en: 'The former registration is kept in {file}; --undo restores it.',
    es: 'El registro anterior queda en {file}; --undo lo restaura.',
  },
  hidden: {
    en: 'What stands as [redacted] is in {file}; --show-secrets would have printed it.',
    es: 'Lo que aparece como [redacted] está en {file}; --show-secrets lo habría impreso.',
  },
  forward: {
    en: 'To let the former webhook go on getting every delivery, put this into .env and restart the gateway:',
    es: 'Para que el webhook anterior siga recibiendo cada entrega, ponga esto en .env y reinicie el gateway:',
  },
  no_former: { en: 'There is nothing to undo: {file} does not exist.', es: 'No hay nada que deshacer: {file} no existe.' },
  former_empty: {
    en: 'No webhook was registered before, and 360dialog offers no way to remove one.',
    es: 'Antes no había ningún webhook registrado y 360dialog no permite quitar uno.',
  },
});
