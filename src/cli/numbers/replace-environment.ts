import { CallsService } from '#calling/call/calls.service.js';
import { type CommandLine, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { NoGateway } from '#cli/terminal/gateway.client.js';
import { openOwnDatabase, ownDatabase } from '#cli/terminal/own-database.js';
import type { Printer } from '#cli/terminal/printer.js';
import { CommandRefused } from '#cli/terminal/run.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import { evidenceOf, RawUpstream, UpstreamSilent, wasTaken } from '#cli/webhook/raw-upstream.js';
import { readHealthAnswer } from '#dialog360/number-reading.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { NumbersService } from '#identity/numbers/numbers.service.js';
import { Secret } from '#kernel/secret.js';
import { withoutGateway } from '#store/running-gateway.js';
import type { Store } from '#store/store.js';
import { confirm } from './confirm.js';
import { sayNumbers } from './texts.js';

const DEFAULT_BASE_URL = 'https://waba-v2.360dialog.io';

/** Puts the number of D360_API_KEY in the place of the one that the environment had, in the database, while no gateway runs. */
export async function replaceEnvironment(line: CommandLine, printer: Printer, { env }: Surroundings): Promise<number> {
  const key = env.D360_API_KEY?.trim();
  if (!key) throw new UsageFault(sayNumbers('no_key', line.language));
  const named = await numberOf(new RawUpstream(env.D360_BASE_URL?.trim() || DEFAULT_BASE_URL, new Secret(key)), printer);
  const configured = env.D360_PHONE_NUMBER_ID?.trim();
  if (configured && configured !== named) throw new CommandRefused(sayNumbers('configured', line.language, { named, configured }));
  const database = ownDatabase(line, env.DATABASE_URL);
  const store = await openOwnDatabase(line, env.DATABASE_URL);
  try {
    const allow = await withoutGateway(database, store);
    if (!allow) throw new CommandRefused(sayNumbers('gateway_runs', line.language));
    return await replace(store, named, line, printer).finally(allow);
  } finally {
    await store.close();
  }
}

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

async function replace(store: Store, named: string, line: CommandLine, printer: Printer): Promise<number> {
  const { language } = printer;
  const kept = (await NumbersService.keptIn(store)).map(({ phoneNumberId }) => phoneNumberId);
  const former = kept.filter((id) => id !== named);
  if (kept.length > 0 && former.length === 0) {
    printer.line(sayNumbers('same', language, { named }));
    printer.document({ phone_number_id: named, replaced: [], changed: false });
    return EXIT.ok;
  }
  if (!line.flag('force')) await refuseLiveCalls(store, former, language);
  if (!line.flag('yes')) await confirm(sayNumbers('ask', language, { named, former: former.join(', ') || '–' }), printer);
  await NumbersService.replaceEnvironment(store, named, Date.now());
  printer.line(sayNumbers('done', language, { named }));
  printer.document({ phone_number_id: named, replaced: former, changed: true });
  return EXIT.ok;
}

/** A call that goes on can only be ended with the key of its number. @throws CommandRefused */
async function refuseLiveCalls(store: Store, former: readonly string[], language: Language): Promise<void> {
  for (const number of former) {
    const count = await CallsService.liveIn(store, number);
    if (count > 0) throw new CommandRefused(sayNumbers('live_calls', language, { number, count }));
  }
}
