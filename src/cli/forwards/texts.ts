import { sayFrom, type Texts } from '#cli/terminal/texts.js';

export const FORWARDS_TEXTS = {
  what: { en: 'Say list, replay ID… or replay --all.', es: 'Indique list, replay ID… o replay --all.' },
  none: { en: 'The target has refused no delivery.', es: 'El destino no ha rechazado ninguna entrega.' },
  row: {
    en: '{id}  received {at}, {attempts} attempts, the last at {last}: {answer}',
    es: '{id}  recibida {at}, {attempts} intentos, el último {last}: {answer}',
  },
  no_answer: { en: 'no answer', es: 'sin respuesta' },
  replaying: { en: 'is posted once more', es: 'se envía una vez más' },
  replayed: {
    en: '{count} deliveries are posted once more within a second, if the gateway runs and forwards: {ids}',
    es: '{count} entregas se envían una vez más en un segundo, si el gateway está en marcha y reenvía: {ids}',
  },
  look: {
    en: 'Run `npm run forwards -- list` then: what the target takes is no longer listed.',
    es: 'Ejecute después `npm run forwards -- list`: lo que el destino acepta ya no figura.',
  },
  not_found: { en: 'Not set aside: {ids}', es: 'No están apartadas: {ids}' },
} as const satisfies Texts;

export const sayForwards = sayFrom(FORWARDS_TEXTS);
