import { type CommandLine, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { openOwnDatabase } from '#cli/terminal/own-database.js';
import type { Printer } from '#cli/terminal/printer.js';
import type { Command } from '#cli/terminal/run.js';
import { QuarantineService, type SetAside } from '#inbox/quarantine.service.js';
import { rfc3339 } from '#kernel/clock.js';
import { sayInbox } from './texts.js';

/** Webhooks that could not be applied: an owner lists them, and has them tried again. */
export const inboxCommand: Command = {
  usage: 'npm run inbox -- list | retry ID… | retry --all   [--json] [--lang en|es]',
  help: {
    en: `Lists the deliveries of 360dialog that could not be applied and were set aside, and has them tried again. It works on the database
of DATABASE_URL; the gateway may go on running. Nothing of what a delivery says is shown.

  npm run inbox -- list
  npm run inbox -- retry 1207 1208
  npm run inbox -- retry --all

Try again after the cause is gone, such as after an update. What was applied before is not applied twice. A delivery is kept for 8 days.`,
    es: `Lista las entregas de 360dialog que no se pudieron aplicar y quedaron apartadas, y hace que se intenten de nuevo. Trabaja sobre la
base de DATABASE_URL; el gateway puede seguir en marcha. No se muestra nada del contenido de una entrega.

  npm run inbox -- list
  npm run inbox -- retry 1207 1208
  npm run inbox -- retry --all

Reintente cuando la causa haya desaparecido, por ejemplo tras una actualización. Lo ya aplicado no se aplica dos veces. Una entrega se guarda 8 días.`,
  },
  options: { all: { type: 'boolean' } },
  async run(line, printer, { env }) {
    const work = workOf(line);
    const store = await openOwnDatabase(line, env.DATABASE_URL);
    return work(new QuarantineService(store), printer).finally(() => store.close());
  },
};

type Work = (quarantine: QuarantineService, printer: Printer) => Promise<number>;

/** What is asked for. @throws UsageFault */
function workOf(line: CommandLine): Work {
  const [verb = 'list', ...ids] = line.words;
  const all = line.flag('all');
  if (verb === 'list' && ids.length === 0 && !all) return list;
  const areIds = ids.every((id) => /^\d{1,15}$/.test(id));
  if (verb === 'retry' && areIds && all !== ids.length > 0) return retry(all ? null : ids.map(Number));
  throw new UsageFault(sayInbox('what', line.language));
}

const list: Work = async (quarantine, printer) => {
  const found = await quarantine.list();
  printer.document(found.map(toDocument));
  if (found.length === 0) printer.line(sayInbox('none', printer.language));
  for (const delivery of found) print(printer, delivery);
  return EXIT.ok;
};

const toDocument = ({ id, receivedAt, attempts, faults }: SetAside) => ({ id, received_at: rfc3339(receivedAt), attempts, faults });

function print(printer: Printer, { id, receivedAt, attempts, faults }: SetAside): void {
  printer.line(sayInbox('row', printer.language, { id, at: rfc3339(receivedAt), attempts }));
  if (faults.length === 0) printer.line(`    ${sayInbox('unknown_reason', printer.language)}`);
  for (const { field, fault } of faults) printer.line(`    ${field}: ${fault}`);
}

const retry =
  (ids: number[] | null): Work =>
  async (quarantine, printer) => {
    const retried = await quarantine.retry(ids);
    const missing = (ids ?? []).filter((id) => !retried.includes(id));
    printer.document({ retried, not_found: missing });
    if (retried.length > 0 || missing.length === 0)
      printer.line(sayInbox('retried', printer.language, { count: retried.length, ids: retried.join(' ') }));
    if (missing.length > 0) printer.fault(sayInbox('not_found', printer.language, { ids: missing.join(' ') }));
    return missing.length > 0 ? EXIT.refused : EXIT.ok;
  };
