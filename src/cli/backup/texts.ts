import { sayFrom } from '#cli/terminal/texts.js';

export const sayBackup = sayFrom({
  no_target: { en: '--to must name a file that does not exist yet.', es: '--to debe nombrar un archivo que aún no exista.' },
  postgres: {
    en: 'DATABASE_URL is not sqlite:PATH. Back Postgres up with pg_dump (docs/operations/runbook.md).',
    es: 'DATABASE_URL no es sqlite:RUTA. Respalde Postgres con pg_dump (docs/operations/runbook.md).',
  },
  not_ours: { en: 'There is no database of this gateway at {path}.', es: 'No hay una base de datos de este gateway en {path}.' },
  failed: { en: 'No backup was made: {message}', es: 'No se hizo la copia: {message}' },
  done: {
    en: '{target}: {calls} calls, {events} events, {bytes} bytes, read back and found whole. It holds secrets and personal data: keep it as safe as the database.',
    es: '{target}: {calls} llamadas, {events} eventos, {bytes} bytes, releído y completo. Contiene secretos y datos personales: guárdelo tan seguro como la base.',
  },
});
