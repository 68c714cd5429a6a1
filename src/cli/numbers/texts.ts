import { sayFrom } from '#cli/terminal/texts.js';

export const sayNumbers = sayFrom({
  what: { en: 'Say replace-environment.', es: 'Indique replace-environment.' },
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
