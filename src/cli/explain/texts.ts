import { sayFrom, type Texts } from '#cli/terminal/texts.js';

export const EXPLAIN_TEXTS = {
  nothing_to_explain: {
    en: 'Give a number of Meta, a code word of the gateway, or - to paste an error body.',
    es: 'Indique un número de Meta, un código del gateway o - para pegar el cuerpo de un error.',
  },
  paste: { en: 'Paste the error as it was received, then press Ctrl-D.', es: 'Pegue el error tal como llegó y pulse Ctrl-D.' },
  unknown: { en: 'The catalogue does not know this error.', es: 'El catálogo no conoce este error.' },
  status: { en: 'HTTP status of the gateway', es: 'Estado HTTP del gateway' },
  numbers: { en: "Meta's numbers", es: 'Números de Meta' },
  retry: { en: 'Can the same request succeed later by itself?', es: '¿Puede funcionar más tarde la misma solicitud sin cambios?' },
  rang: { en: 'Can the phone have rung?', es: '¿Pudo haber sonado el teléfono?' },
  hint: { en: 'Note', es: 'Nota' },
  source: { en: 'Source', es: 'Fuente' },
} as const satisfies Texts;

export const sayExplain = sayFrom(EXPLAIN_TEXTS);
