import { UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { NoGateway } from '#cli/terminal/gateway.client.js';
import { openOwnDatabase } from '#cli/terminal/own-database.js';
import type { Printer } from '#cli/terminal/printer.js';
import { questionOnTerminal } from '#cli/terminal/question.js';
import { type Command, CommandRefused } from '#cli/terminal/run.js';
import { evidenceOf, RawUpstream, UpstreamSilent, wasTaken } from '#cli/webhook/raw-upstream.js';
import { readHealthAnswer } from '#dialog360/number-reading.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Secret } from '#kernel/secret.js';
import type { Store } from '#store/store.js';
import { sayNumbers } from './texts.js';

const DEFAULT_BASE_URL = 'https://waba-v2.360dialog.io';

/** What an owner does with the numbers of a database while no gateway runs on it. */
export const numbersCommand: Command = {
  usage: 'npm run numbers -- replace-environment [--yes] [--json] [--lang en|es]',
  help: {
    en: `Changes which number is that of the environment, in the database of DATABASE_URL. Stop every replica before.

  replace-environment   asks 360dialog of which number D360_API_KEY is, and puts that number in the place of the one that the
                        environment had. A gateway refuses to start with a key of another number until this was run

The calls, people and reports of the number before stay until their retention ends. Nothing is sent but the question.
Exit code 0 when it is done, 1 when it was refused or declined, 64 for wrong arguments, 69 when 360dialog is silent.`,
    es: `Cambia cuál es el número del entorno en la base de DATABASE_URL. Antes, detenga todas las réplicas.

  replace-environment   pregunta a 360dialog de qué número es D360_API_KEY y pone ese número en lugar del que tenía el entorno.
                        Hasta que se ejecuta, un gateway se niega a iniciar con la clave de otro número

Las llamadas, las personas y los reportes del número anterior quedan hasta el fin de su retención. Solo se envía la pregunta.
Código de salida 0 si se hizo, 1 si se rechazó o no se quiso, 64 si los argumentos están mal, 69 si 360dialog no responde.`,
  },
  options: { yes: { type: 'boolean', short: 'y' } },
  async run(line, printer, { env }) {
    const [verb, ...more] = line.words;
    if (verb !== 'replace-environment' || more.length > 0) throw new UsageFault(sayNumbers('what', line.language));
    const key = env.D360_API_KEY?.trim();
    if (!key) throw new UsageFault(sayNumbers('no_key', line.language));
    const named = await numberOf(new RawUpstream(env.D360_BASE_URL?.trim() || DEFAULT_BASE_URL, new Secret(key)), printer);
    const configured = env.D360_PHONE_NUMBER_ID?.trim();
    if (configured && configured !== named) throw new CommandRefused(sayNumbers('configured', line.language, { named, configured }));
    const store = await openOwnDatabase(line, env.DATABASE_URL);
    return replace(store, named, { printer, isConfirmed: line.flag('yes') }).finally(() => store.close());
  },
};

/** The number that 360dialog names for the key. @throws CommandRefused, NoGateway */
async function numberOf(upstream: RawUpstream, { language }: Printer): Promise<string> {
  try {
    const answer = await upstream.get('/health_status');
    const named = wasTaken(answer) ? readHealthAnswer(answer.body)?.phoneNumberId : undefined;
    if (!named) throw new CommandRefused(sayNumbers('no_number', language, { message: evidenceOf(answer) }));
    return named;
  } catch (error) {
    throw error instanceof UpstreamSilent ? new NoGateway(upstream.baseUrl, error.message) : error;
  }
}

async function replace(store: Store, named: string, { printer, isConfirmed }: { printer: Printer; isConfirmed: boolean }): Promise<number> {
  const { language } = printer;
  const kept = (await NumbersService.keptIn(store)).map(({ phoneNumberId }) => phoneNumberId);
  const former = kept.filter((id) => id !== named);
  if (kept.length > 0 && former.length === 0) {
    printer.line(sayNumbers('same', language, { named }));
    printer.document({ phone_number_id: named, replaced: [], changed: false });
    return EXIT.ok;
  }
  if (!isConfirmed) await confirm(sayNumbers('ask', language, { named, former: former.join(', ') || '–' }), printer);
  await NumbersService.replaceEnvironment(store, named, Date.now());
  printer.line(sayNumbers('done', language, { named }));
  printer.document({ phone_number_id: named, replaced: former, changed: true });
  return EXIT.ok;
}

/** @throws CommandRefused unless the operator confirms */
async function confirm(question: string, { language }: Printer): Promise<void> {
  const ask = questionOnTerminal();
  if (!ask) throw new CommandRefused(sayNumbers('needs_yes', language));
  if (!/^(y|yes|s|si|sí)$/i.test((await ask(question)) ?? '')) throw new CommandRefused(sayNumbers('declined', language));
}
