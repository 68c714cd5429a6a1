import { sayFrom } from '#cli/terminal/texts.js';

export const sayReport = sayFrom({
  wrong_format: {
    en: '"{format}" is no format. The formats are: {formats}',
    es: '"{format}" no es un formato. Los formatos son: {formats}',
  },
  which: { en: 'Say --latest or --id ID, not both.', es: 'Indique --latest o --id ID, no ambos.' },
  written: { en: 'The report is in {file}.', es: 'El informe está en {file}.' },
  head: { en: 'Report {date} ({zone}), revision {revision}', es: 'Informe {date} ({zone}), revisión {revision}' },
  count: {
    en: 'Business-initiated conversations: {value} of {required} in {days} days',
    es: 'Conversaciones iniciadas por la empresa: {value} de {required} en {days} días',
  },
  projection: { en: 'Projected: {date} ({from} to {to})', es: 'Proyección: {date} ({from} a {to})' },
  limit: { en: 'Messaging limit: {value}', es: 'Límite de mensajes: {value}' },
  calls: { en: 'Calls: outbound {outbound}, inbound {inbound}', es: 'Llamadas: salientes {outbound}, entrantes {inbound}' },
  unknown: { en: 'unknown', es: 'desconocido' },
});
