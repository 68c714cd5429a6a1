import { sayFrom, type Texts } from '#cli/terminal/texts.js';

export const KEYS_TEXTS = {
  what: {
    en: 'Say list, create, limit ID, suspend ID, resume ID or delete ID.',
    es: 'Indique list, create, limit ID, suspend ID, resume ID o delete ID.',
  },
  wrong_preset: { en: '--preset is bot or agent.', es: '--preset es bot o agent.' },
  wrong_count: { en: '--{option} is a whole number, such as 20.', es: '--{option} es un número entero, por ejemplo 20.' },
  wrong_hours: {
    en: '--quiet-hours is two times of day, such as 21:00-08:00.',
    es: '--quiet-hours son dos horas del día, por ejemplo 21:00-08:00.',
  },
  dials: { en: '{count} dials a day', es: '{count} llamadas al día' },
  asks: { en: '{count} permission requests a day', es: '{count} solicitudes de permiso al día' },
  quiet: { en: 'quiet {hours}', es: 'en silencio {hours}' },
  limited: { en: 'Key {id}: {limits}.', es: 'Clave {id}: {limits}.' },
  unlimited: { en: 'Key {id} has no limits.', es: 'La clave {id} no tiene límites.' },
  is_suspended: { en: 'suspended', es: 'suspendida' },
  suspended: {
    en: 'Key {id} is refused from now on; its streams end and its subscriptions are paused. `npm run keys -- resume {id}` undoes it.',
    es: 'La clave {id} se rechaza desde ahora; sus flujos terminan y sus suscripciones quedan en pausa. `npm run keys -- resume {id}` lo deshace.',
  },
  resumed: {
    en: 'Key {id} is in use again. Subscriptions that were paused with it stay so until a PATCH resumes each.',
    es: 'La clave {id} vuelve a estar en uso. Las suscripciones que quedaron en pausa siguen así hasta que un PATCH reanude cada una.',
  },
  which_scopes: {
    en: 'Give --scopes as a comma-separated list, or --all-scopes. The scopes are: {scopes}',
    es: 'Indique --scopes como lista separada por comas, o --all-scopes. Los alcances son: {scopes}',
  },
  wrong_scope: { en: '"{scope}" is no scope. The scopes are: {scopes}', es: '"{scope}" no es un alcance. Los alcances son: {scopes}' },
  which_numbers: {
    en: 'Give --number or --all-numbers, not both.',
    es: 'Indique --number o --all-numbers, no ambos.',
  },
  made: {
    en: 'Key {id} was made. It is shown this once:',
    es: 'Se creó la clave {id}. Se muestra solo esta vez:',
  },
  deleted: { en: 'Key {id} is refused from now on.', es: 'La clave {id} se rechaza desde ahora.' },
  paused: {
    en: 'Subscriptions that belonged to it and are paused now: {count}. A PATCH with another key resumes them.',
    es: 'Suscripciones que le pertenecían y ahora están en pausa: {count}. Un PATCH con otra clave las reanuda.',
  },
  never_used: { en: 'never used', es: 'nunca usada' },
  used: { en: 'last used {at}', es: 'último uso {at}' },
} as const satisfies Texts;

export const sayKeys = sayFrom(KEYS_TEXTS);
