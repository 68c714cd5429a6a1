import { sayFrom, type Texts } from '#cli/terminal/texts.js';

export const KEYS_TEXTS = {
  what: { en: 'Say list, create or delete ID.', es: 'Indique list, create o delete ID.' },
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
