import { UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { databaseOf } from '#cli/terminal/own-database.js';
import type { Printer } from '#cli/terminal/printer.js';
import { type Command, CommandRefused } from '#cli/terminal/run.js';
import type { DatabaseUrl } from '#config/read-database.js';
import { InstanceLock } from '#store/instance-lock.js';
import { migrateDatabase, schemaStateOf } from '#store/migrations/migrate-database.js';
import { startFaultOf } from '#store/start-fault.js';
import { sayMigrate } from './texts.js';

/** Long enough for a backup or a report that holds a lock to end. */
const LOCK_WAIT_MS = 600_000;

/** Brings the schema up to date and ends, so that replicas need no right to change it. */
export const migrateCommand: Command = {
  usage: 'npm run migrate   [--check] [--json] [--lang en|es]',
  help: {
    en: `Brings the schema of the database up to date for this release, and ends. Replicas of this release and of the one before may run
meanwhile on Postgres; with SQLite, stop the gateway first. It works on MIGRATE_DATABASE_URL, whose role may change the schema, or else
on DATABASE_URL. Replicas with MIGRATE=false wait for it. Running it twice, or two at once, does no harm.

  --check    changes nothing; exit code 1 when the database lacks a migration`,
    es: `Pone el esquema de la base de datos al día para esta versión, y termina. En Postgres pueden seguir en marcha réplicas de esta versión y
de la anterior; con SQLite, detenga antes el gateway. Trabaja sobre MIGRATE_DATABASE_URL, cuyo rol puede cambiar el esquema, o si no sobre
DATABASE_URL. Las réplicas con MIGRATE=false lo esperan. Ejecutarlo dos veces, o dos a la vez, no hace daño.

  --check    no cambia nada; código de salida 1 si a la base le falta una migración`,
  },
  options: { check: { type: 'boolean' } },
  async run(line, printer, { env }) {
    const database = databaseOf(env.MIGRATE_DATABASE_URL?.trim() || env.DATABASE_URL?.trim() || 'sqlite:./data/gateway.db');
    if (!database) throw new UsageFault(sayMigrate('wrong_database', line.language));
    return line.flag('check') ? check(database, printer) : locked(database, printer, () => migrate(database, printer));
  },
};

async function check(database: DatabaseUrl, printer: Printer): Promise<number> {
  const { pending, isNewer } = await refusing(printer, database, () => schemaStateOf(database));
  printer.document({ pending, newer: isNewer });
  if (isNewer) printer.line(sayMigrate('newer', printer.language));
  else if (pending.length === 0) printer.line(sayMigrate('current', printer.language));
  else printer.line(sayMigrate('pending', printer.language, { count: pending.length, names: pending.join(', ') }));
  return pending.length === 0 ? EXIT.ok : EXIT.refused;
}

async function migrate(database: DatabaseUrl, printer: Printer): Promise<number> {
  const { language } = printer;
  const applied = await refusing(printer, database, () =>
    migrateDatabase(database, {
      lockWaitMs: LOCK_WAIT_MS,
      onBegin: (name) => printer.progress(sayMigrate('applying', language, { name })),
      onWait: (name, waitedMs) => printer.progress(sayMigrate('waiting', language, { name, seconds: Math.round(waitedMs / 1_000) })),
    }),
  );
  const { isNewer } = await schemaStateOf(database);
  printer.document({ applied, newer: isNewer });
  if (applied.length > 0) printer.line(sayMigrate('done', language, { count: applied.length, names: applied.join(', ') }));
  else printer.line(sayMigrate(isNewer ? 'newer' : 'current', language));
  return EXIT.ok;
}

/** A SQLite file has one process at a time; its lock is held as long as the work takes. */
async function locked(database: DatabaseUrl, printer: Printer, work: () => Promise<number>): Promise<number> {
  if (database.kind === 'postgres') return work();
  const lock = await refusing(printer, database, () => InstanceLock.take(database.path));
  if (!lock) throw new CommandRefused(sayMigrate('running', printer.language, { path: database.path }));
  return work().finally(() => lock.release());
}

/** Faults of the database become one sentence. */
async function refusing<T>({ language }: Printer, database: DatabaseUrl, work: () => Promise<T>): Promise<T> {
  return work().catch((error: unknown) => {
    const fault = startFaultOf(error, database);
    throw new CommandRefused(sayMigrate('refused', language, { message: fault instanceof Error ? fault.message : String(fault) }));
  });
}
