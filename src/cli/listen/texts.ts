import { sayFrom } from '#cli/terminal/texts.js';

export const sayListen = sayFrom({
  wrong_target: {
    en: '--url must begin with http:// or https://, not "{value}"',
    es: '--url debe empezar con http:// o https://, no "{value}"',
  },
  listening: { en: 'Listening at {url}; Ctrl-C ends.', es: 'Escuchando en {url}; Ctrl-C termina.' },
  forwarding: {
    en: 'Each event is posted to {target}, signed with the secret {secret}',
    es: 'Cada evento se envía a {target}, firmado con el secreto {secret}',
  },
  again: { en: 'The stream broke off; connecting again.', es: 'El flujo de eventos se cortó; conectando de nuevo.' },
  reset: {
    en: 'Some events were missed and are no longer kept: read the state again.',
    es: 'Se perdieron eventos que ya no se conservan: vuelva a leer el estado.',
  },
});
