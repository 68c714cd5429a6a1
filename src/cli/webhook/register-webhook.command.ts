import { UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { NoGateway } from '#cli/terminal/gateway.client.js';
import type { Printer } from '#cli/terminal/printer.js';
import { questionOnTerminal } from '#cli/terminal/question.js';
import { type Command, CommandRefused } from '#cli/terminal/run.js';
import { say } from '#cli/terminal/texts.js';
import { InvalidSettings } from '#config/environment.js';
import { readSettings } from '#config/read-settings.js';
import type { Settings } from '#config/settings.js';
import { WEBHOOK_PATH } from '#config/webhook-path.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { withoutQueryValues } from '#outbound-http/safe-url.js';
import { type FormerWebhook, forgetFormer, formerFile, readFormer, toRegistration, writeFormer } from './former.js';
import { evidenceOf, type RawAnswer, RawUpstream, UpstreamSilent, wasTaken } from './raw-upstream.js';
import { sayWebhook } from './texts.js';

const PATH = '/v1/configs/webhook';

/** Registers this gateway as the number's webhook, after showing what that replaces. */
export const registerWebhookCommand: Command = {
  usage: 'npm run register-webhook -- [--undo] [--yes] [--show-secrets] [--json] [--lang en|es]',
  help: {
    en: `Makes 360dialog deliver the webhooks of the number to this gateway. A number has one webhook: what is registered now is
shown first, kept in a file beside the database, and offered as WEBHOOK_FORWARD_URL, so that whoever held it still gets
every delivery.

  npm run register-webhook            shows, asks, and registers PUBLIC_URL${WEBHOOK_PATH}
  npm run register-webhook -- --undo  restores what was registered before

Reads the settings of the gateway from the environment and .env; the gateway need not run. --yes asks nothing.
What may be secret in the former address and headers is not printed without --show-secrets; the file holds it.
Exit code 0 when it is registered, 1 when it was refused or declined, 64 for wrong arguments, 69 when 360dialog is silent.`,
    es: `Hace que 360dialog entregue los webhooks del número a este gateway. Un número tiene un solo webhook: primero se muestra el
que está registrado, se guarda en un archivo junto a la base de datos y se ofrece como WEBHOOK_FORWARD_URL, para que su
dueño siga recibiendo cada entrega.

  npm run register-webhook            muestra, pregunta y registra PUBLIC_URL${WEBHOOK_PATH}
  npm run register-webhook -- --undo  restaura lo que estaba registrado antes

Lee la configuración del gateway del entorno y de .env; el gateway no necesita estar en marcha. --yes no pregunta nada.
Lo que pueda ser secreto en la dirección y los encabezados anteriores no se imprime sin --show-secrets; el archivo lo contiene.
Código de salida 0 si queda registrado, 1 si se rechazó o no se quiso, 64 si los argumentos están mal, 69 si 360dialog no responde.`,
  },
  options: { undo: { type: 'boolean' }, 'show-secrets': { type: 'boolean' }, yes: { type: 'boolean', short: 'y' } },
  async run(line, printer, { env }) {
    const settings = settingsOf(env, printer.language);
    const upstream = new RawUpstream(settings.dialog360.baseUrl, settings.dialog360.apiKey);
    const context = {
      upstream,
      printer,
      confirm: line.flag('yes') ? async () => true : confirmOnTerminal(),
      file: formerFile(settings),
      open: line.flag('show-secrets'),
    };
    try {
      await (line.flag('undo') ? undo(context) : register(context, targetOf(settings, printer, env)));
      return EXIT.ok;
    } catch (error) {
      throw error instanceof UpstreamSilent ? new NoGateway(settings.dialog360.baseUrl, error.message) : error;
    }
  },
};

type Confirm = (question: string) => Promise<boolean>;

function confirmOnTerminal(): Confirm | undefined {
  const ask = questionOnTerminal();
  return ask && (async (question) => /^(y|yes|s|si|sí)$/i.test((await ask(question)) ?? ''));
}

interface RegistrationContext {
  upstream: RawUpstream;
  printer: Printer;
  /** Only a written yes replaces the webhook. Undefined without a terminal. */
  confirm: Confirm | undefined;
  file: string;
  /** Whether secrets of the former registration are printed. */
  open: boolean;
}

async function register(context: RegistrationContext, target: FormerWebhook): Promise<void> {
  const { printer, file } = context;
  const present = await read(context);
  if (present.url === target.url && present.headers.Authorization === target.headers.Authorization) {
    printer.line(sayWebhook('already', printer.language));
    printer.document({ registered: true, changed: false, url: target.url });
    return;
  }
  // The same address under an older secret is ours, and nothing to return to.
  const replaced = present.url === target.url ? null : present;
  await replace(context, present, target, () => {
    if (replaced) writeFormer(file, replaced);
  });
  const forward = replaced?.url ? forwardOf(replaced, context.open) : null;
  if (replaced) printer.line(sayWebhook('kept', printer.language, { file }));
  if (forward) {
    printer.line(sayWebhook('forward', printer.language));
    for (const [name, value] of Object.entries(forward)) printer.line(`${name}=${value}`);
    if (Object.values(forward).join().includes('[redacted]')) printer.line(sayWebhook('hidden', printer.language, { file }));
  }
  printer.document({
    registered: true,
    changed: true,
    url: target.url,
    former: replaced?.url ? withoutQueryValues(replaced.url) : null,
    forward,
  });
}

async function undo(context: RegistrationContext): Promise<void> {
  const { printer, file } = context;
  const former = readFormer(file);
  if (!former?.url) {
    throw new CommandRefused(former ? sayWebhook('former_empty', printer.language) : sayWebhook('no_former', printer.language, { file }));
  }
  await replace(context, await read(context), former);
  forgetFormer(file);
  printer.document({ registered: false, changed: true, url: withoutQueryValues(former.url) });
}

/** Shows both, asks, keeps what has to be kept, and only then replaces. @throws CommandRefused */
async function replace(context: RegistrationContext, present: FormerWebhook, target: FormerWebhook, keep?: () => void): Promise<void> {
  const { printer, upstream, confirm } = context;
  const { language } = printer;
  printer.item(sayWebhook('now', language), shown(present, printer));
  printer.item(sayWebhook('next', language), shown(target, printer));
  if (!(await confirm?.(sayWebhook('ask', language)))) throw new CommandRefused(sayWebhook(confirm ? 'declined' : 'needs_yes', language));
  keep?.();
  taken(await upstream.post(PATH, target), printer);
  printer.line(sayWebhook('done', language, { url: withoutQueryValues(target.url) }));
}

const read = async ({ upstream, printer }: RegistrationContext): Promise<FormerWebhook> =>
  toRegistration(taken(await upstream.get(PATH), printer));

/** The body of an answer that is none of success ends the command. @throws CommandRefused with what 360dialog said */
function taken(answer: RawAnswer, { language }: Printer): unknown {
  if (wasTaken(answer)) return answer.body;
  throw new CommandRefused(`${say('upstream', language)}: ${evidenceOf(answer)}`);
}

/** The values of headers and of a query can be secrets, so only their names are shown. */
function shown({ url, headers }: FormerWebhook, { language }: Printer): string {
  if (url === '') return sayWebhook('nothing', language);
  const names = Object.keys(headers).join(', ');
  return names === '' ? withoutQueryValues(url) : sayWebhook('with_headers', language, { url: withoutQueryValues(url), names });
}

/** For the owner's own `.env`; the values only when they are asked for, since terminals and their logs are read by others. */
const forwardOf = ({ url, headers }: FormerWebhook, open: boolean): Record<string, string> => ({
  WEBHOOK_FORWARD_URL: open ? url : withoutQueryValues(url),
  ...(Object.keys(headers).length === 0 ? {} : { WEBHOOK_FORWARD_HEADERS: JSON.stringify(open ? headers : masked(headers)) }),
});

const masked = (headers: FormerWebhook['headers']): Record<string, string> =>
  Object.fromEntries(Object.keys(headers).map((name) => [name, '[redacted]']));

function settingsOf(env: Readonly<Record<string, string | undefined>>, language: Language): Settings {
  try {
    return readSettings(env);
  } catch (error) {
    throw error instanceof InvalidSettings ? new UsageFault(error.in(language).join('\n')) : error;
  }
}

function targetOf(settings: Settings, printer: Printer, env: Readonly<Record<string, string | undefined>>): FormerWebhook {
  const { publicUrl, dialog360 } = settings;
  if (!env.D360_WEBHOOK_TOKEN?.trim()) throw new UsageFault(sayWebhook('no_token', printer.language));
  const { protocol, port, hostname } = new URL(publicUrl);
  if (protocol !== 'https:' || port !== '' || hostname.includes('_'))
    printer.progress(sayWebhook('unreachable_url', printer.language, { url: publicUrl }));
  return { url: `${publicUrl}${WEBHOOK_PATH}`, headers: { Authorization: `Bearer ${dialog360.webhookTokens[0]?.reveal()}` } };
}
