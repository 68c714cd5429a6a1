import { sayFrom } from '#cli/terminal/texts.js';

export const saySecrets = sayFrom({
  what: {
    en: 'Say new, status, seal, rotate or discard KEYID; the id of a key has 8 hex digits.',
    es: 'Indique new, status, seal, rotate o discard KEYID; el id de una clave tiene 8 dígitos hex.',
  },
  no_key: {
    en: 'SECRETS_KEY is missing: there is nothing to seal with. `npm run secrets -- new` makes a key.',
    es: 'Falta SECRETS_KEY: no hay con qué sellar. `npm run secrets -- new` crea una clave.',
  },
  new: {
    en: 'A fresh key with the id {id}. Set SECRETS_KEY to it, and keep a copy apart from the backups of the database.',
    es: 'Una clave nueva con el id {id}. Póngala en SECRETS_KEY y guarde una copia aparte de los respaldos de la base.',
  },
  keys: {
    en: 'SECRETS_KEY seals with {first} and opens with these as well: {others}',
    es: 'SECRETS_KEY sella con {first} y abre además con: {others}',
  },
  no_keys: { en: 'SECRETS_KEY is not set.', es: 'SECRETS_KEY no está definida.' },
  sealed: { en: '{where}: {count} sealed with {id}', es: '{where}: {count} sellados con {id}' },
  sealed_missing: {
    en: '{where}: {count} sealed with {id}, which SECRETS_KEY lacks: the gateway does not start',
    es: '{where}: {count} sellados con {id}, que falta en SECRETS_KEY: el gateway no inicia',
  },
  sealed_broken: {
    en: '{where}: {count} are no sealed values and open with no key',
    es: '{where}: {count} no son valores sellados y no se abren con ninguna clave',
  },
  plain: { en: '{where}: {count} in plain text', es: '{where}: {count} en texto claro' },
  none: { en: 'The database holds no secret.', es: 'La base de datos no tiene secretos.' },
  at_start: {
    en: 'With SQLite the gateway seals when it starts with SECRETS_KEY: restart it.',
    es: 'Con SQLite el gateway sella al iniciar con SECRETS_KEY: reinícielo.',
  },
  progress: { en: '{where}: {count}', es: '{where}: {count}' },
  done_seal: {
    en: 'Sealed: {count}. `vacuum full subscriptions` removes what Postgres still keeps of the plain texts.',
    es: 'Sellados: {count}. `vacuum full subscriptions` elimina lo que Postgres aún conserva de los textos claros.',
  },
  done_rotate: {
    en: 'Sealed anew with {id}: {count}. Leave the other keys out of SECRETS_KEY once `npm run secrets -- status` names this one alone.',
    es: 'Sellados de nuevo con {id}: {count}. Quite las otras claves de SECRETS_KEY cuando `npm run secrets -- status` nombre solo esta.',
  },
  missing: {
    en: '{where} is sealed with {key}, which SECRETS_KEY lacks: add that key after a comma and run this again.',
    es: '{where} está sellado con {key}, que falta en SECRETS_KEY: agregue esa clave después de una coma y repita.',
  },
  broken: {
    en: '{where} does not open: it was changed, or moved from another row. Make a new secret there.',
    es: '{where} no se abre: se modificó o se movió desde otra fila. Cree allí un secreto nuevo.',
  },
  at_hand: {
    en: 'SECRETS_KEY has the key {id}: nothing is lost, and nothing was discarded.',
    es: 'SECRETS_KEY tiene la clave {id}: no se perdió nada, y no se descartó nada.',
  },
  done_discard: {
    en: 'Discarded, sealed with {id}: {count}. Subscriptions without a secret are disabled at the next start; POST /api/subscriptions/ID/rotate-secret makes a new one. Give numbers their keys again.',
    es: 'Descartados, sellados con {id}: {count}. Las suscripciones sin secreto se desactivan al próximo inicio; POST /api/subscriptions/ID/rotate-secret crea uno nuevo. Vuelva a dar sus claves a los números.',
  },
});
