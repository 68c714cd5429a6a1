import { type CommandLine, numberNamed, textOptions, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { openOwnDatabase } from '#cli/terminal/own-database.js';
import type { Printer } from '#cli/terminal/printer.js';
import type { Command } from '#cli/terminal/run.js';
import { RefusedForwardsService } from '#delivery/forwarding/refused-forwards.service.js';
import { rfc3339 } from '#kernel/clock.js';
import { sayForwards } from './texts.js';

/** Deliveries that the target of forwarding refused: an owner lists them, and has them posted once more. */
export const forwardsCommand: Command = {
  usage: 'npm run forwards -- list | replay ID… | replay --all   [--number ID] [--json] [--lang en|es]',
  help: {
    en: `Lists the deliveries of 360dialog that the target of forwarding answered three times with 4xx and that were set aside, and
has them posted once more. It works on the database of DATABASE_URL; the gateway may go on running. Nothing of what a delivery says is
shown.

  npm run forwards -- list
  npm run forwards -- replay 1207 1208
  npm run forwards -- replay --all
  npm run forwards -- list --number 300000000000002   those of one number

Replay after the cause is gone, such as after a correction of the target. A replay is one attempt: what the target does not take stays
set aside. What is forwarded meanwhile does not wait for it. A delivery is kept for 8 days after its last refusal.`,
    es: `Lista las entregas de 360dialog que el destino del reenvío respondió tres veces con 4xx y que quedaron apartadas, y hace
que se envíen una vez más. Trabaja sobre la base de DATABASE_URL; el gateway puede seguir en marcha. No se muestra nada del contenido de
una entrega.

  npm run forwards -- list
  npm run forwards -- replay 1207 1208
  npm run forwards -- replay --all
  npm run forwards -- list --number 300000000000002   las de un número

Reenvíe cuando la causa haya desaparecido, por ejemplo tras corregir el destino. Cada reenvío es un solo intento: lo que el destino no
acepta sigue apartado. Las demás entregas no esperan. Una entrega se guarda 8 días después de su último rechazo.`,
  },
  options: { ...textOptions('number'), all: { type: 'boolean' } },
  async run(line, printer, { env }) {
    const work = workOf(line);
    const store = await openOwnDatabase(line, env.DATABASE_URL);
    return work(new RefusedForwardsService(store), printer).finally(() => store.close());
  },
};

type Work = (refused: RefusedForwardsService, printer: Printer) => Promise<number>;

/** What is asked for. @throws UsageFault */
function workOf(line: CommandLine): Work {
  const [verb = 'list', ...ids] = line.words;
  const all = line.flag('all');
  const number = numberNamed(line);
  const queues = number === null ? null : [number];
  if (verb === 'list' && ids.length === 0 && !all) return list(queues);
  const areIds = ids.every((id) => /^\d{1,15}$/.test(id));
  if (verb === 'replay' && areIds && all !== ids.length > 0) return replay(queues, all ? null : ids.map(Number));
  throw new UsageFault(sayForwards('what', line.language));
}

const list =
  (queues: readonly string[] | null): Work =>
  async (refused, printer) => {
    const found = await refused.all(queues);
    const { language } = printer;
    printer.document(
      found.map(({ id, state, receivedAt, attempts, status, lastRefusedAt }) => ({
        ...{ id, state, received_at: rfc3339(receivedAt), attempts },
        ...{ response_status: status, last_refused_at: rfc3339(lastRefusedAt) },
      })),
    );
    if (found.length === 0) printer.line(sayForwards('none', language));
    for (const { id, state, receivedAt, attempts, status, lastRefusedAt } of found) {
      const answer = status === null ? sayForwards('no_answer', language) : `HTTP ${status}`;
      const row = sayForwards('row', language, { id, at: rfc3339(receivedAt), attempts, last: rfc3339(lastRefusedAt), answer });
      printer.line(state === 'replaying' ? `${row}; ${sayForwards('replaying', language)}` : row);
    }
    return EXIT.ok;
  };

const replay =
  (queues: readonly string[] | null, ids: number[] | null): Work =>
  async (refused, printer) => {
    const replaying = await refused.replay(queues, ids);
    const missing = (ids ?? []).filter((id) => !replaying.includes(id));
    printer.document({ replaying, not_found: missing });
    if (replaying.length > 0) {
      printer.line(sayForwards('replayed', printer.language, { count: replaying.length, ids: replaying.join(' ') }));
      printer.line(sayForwards('look', printer.language));
    } else if (missing.length === 0) {
      printer.line(sayForwards('none', printer.language));
    }
    if (missing.length > 0) printer.fault(sayForwards('not_found', printer.language, { ids: missing.join(' ') }));
    return missing.length > 0 ? EXIT.refused : EXIT.ok;
  };
