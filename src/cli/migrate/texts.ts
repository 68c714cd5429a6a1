import { sayFrom } from '#cli/terminal/texts.js';

export const sayMigrate = sayFrom({
  wrong_database: {
    en: 'MIGRATE_DATABASE_URL, or else DATABASE_URL, must be sqlite:PATH or postgres://…',
    es: 'MIGRATE_DATABASE_URL, o si no DATABASE_URL, debe ser sqlite:RUTA o postgres://…',
  },
  running: {
    en: 'A gateway is running on {path}. Stop it first: a SQLite file has one process at a time.',
    es: 'Un gateway está en marcha sobre {path}. Deténgalo primero: un archivo SQLite tiene un solo proceso a la vez.',
  },
  applying: { en: '{name} …', es: '{name} …' },
  waiting: {
    en: '{name}: another session holds a lock for {seconds} s; trying again. Replicas go on meanwhile.',
    es: '{name}: otra sesión retiene un bloqueo desde hace {seconds} s; se reintenta. Las réplicas siguen mientras tanto.',
  },
  pending: { en: '{count} migrations are missing: {names}', es: 'Faltan {count} migraciones: {names}' },
  done: { en: 'The schema is up to date. Applied: {names}', es: 'El esquema está al día. Aplicadas: {names}' },
  current: { en: 'The schema is up to date; there was nothing to do.', es: 'El esquema está al día; no había nada que hacer.' },
  newer: {
    en: 'A newer release has migrated this database, and this release can run on it; there was nothing to do.',
    es: 'Una versión más nueva migró esta base de datos, y esta versión puede trabajar con ella; no había nada que hacer.',
  },
  refused: { en: 'The schema could not be brought up to date: {message}', es: 'No se pudo poner el esquema al día: {message}' },
});
