import { type CommandLine, GATEWAY_OPTIONS, numberNamed, personOf, UsageFault } from '#cli/terminal/command-line.js';
import { EXIT } from '#cli/terminal/exit.js';
import { addressHere, addressNamed, type GatewayAnswer, gatewayOf, NoGateway } from '#cli/terminal/gateway.client.js';
import { reasonIn } from '#cli/terminal/json-request.js';
import type { Printer } from '#cli/terminal/printer.js';
import type { Command } from '#cli/terminal/run.js';
import type { Surroundings } from '#cli/terminal/surroundings.js';
import type { Language } from '#error-catalogue/catalogue.js';
import { rfc3339 } from '#kernel/clock.js';
import { text } from '#kernel/read.js';
import { alone } from './alone.js';
import { deriveVerdict } from './derive-verdict.js';
import { type CheckResult, type CliFinding, type DiagnosisReport, finding, type RecentRefusal } from './finding.js';
import { printDiagnosis } from './print.js';
import { sayDiagnosis } from './texts/diagnosis-texts.js';
import { throughGateway } from './through-gateway.js';

const EXITS: Readonly<Record<DiagnosisReport['verdict'], number>> = {
  fine: EXIT.ok,
  blocked: EXIT.refused,
  unknown: EXIT.unknown,
  unreachable: EXIT.unreachable,
  misconfigured: EXIT.misconfigured,
  unauthorized: EXIT.noPermission,
};

/** Why are my calls refused? Asks a running gateway, or without one 360dialog itself; changes nothing. */
export const diagnoseCommand: Command = {
  usage: 'npm run diagnose -- [--to NUMBER] [--number ID] [--alone] [--url URL] [--key KEY] [--json] [--lang en|es]',
  help: {
    en: `Says why calls are refused: every gate with its verdict, cause and remedy, and the reason in one sentence.
Asks a running gateway; with --alone, or when none answers, it reads the environment and asks 360dialog itself;
D360_API_KEY is then enough.
Nothing is changed and nobody is called or asked.

  npm run diagnose
  npm run diagnose -- --to +525512345678   the gates of this person too
  npm run --silent diagnose -- --json      for scripts

With several numbers, --number says which is meant, by its phone_number_id.
The gateway is found by --url, GATEWAY_URL or HOST and PORT; the key by --key, GATEWAY_API_KEY or API_KEY.
Exit code 0 when calls are possible, 1 when something blocks, 2 when that is not known, 64 for wrong arguments, 69 when
neither a gateway nor 360dialog can be reached, 77 when the gateway refuses the key, 78 when the configuration has faults.`,
    es: `Dice por qué se rechazan las llamadas: cada condición con su veredicto, causa y remedio, y el motivo en una frase.
Consulta un gateway en marcha; con --alone, o si ninguno responde, lee el entorno y consulta directamente a 360dialog;
para eso basta D360_API_KEY.
No cambia nada, no llama a nadie y no pide permiso a nadie.

  npm run diagnose
  npm run diagnose -- --to +525512345678   también las condiciones de esta persona
  npm run --silent diagnose -- --json      para scripts

Con varios números, --number indica cuál, por su phone_number_id.
El gateway se encuentra con --url, GATEWAY_URL o HOST y PORT; la clave, con --key, GATEWAY_API_KEY o API_KEY.
Código de salida 0 si se puede llamar, 1 si algo bloquea, 2 si no se sabe, 64 si los argumentos están mal, 69 si no se
puede llegar ni a un gateway ni a 360dialog, 77 si el gateway rechaza la clave, 78 si la configuración tiene errores.`,
  },
  options: { ...GATEWAY_OPTIONS, to: { type: 'string' }, alone: { type: 'boolean' } },
  async run(line, printer, surroundings) {
    const to = personOf(line)?.to ?? null;
    if (line.flag('alone') && numberNamed(line) !== null) throw new UsageFault(sayDiagnosis('number_alone', line.language));
    const found = line.flag('alone') ? await withoutGateway([], to, printer, surroundings) : await examine(line, to, printer, surroundings);
    const diagnosis: DiagnosisReport = {
      ...deriveVerdict(found, found.refusals, line.language),
      gateway: found.gateway,
      mode: found.mode,
      checked_at: rfc3339(surroundings.clock.now()),
      recent_refusals: found.refusals,
    };
    printDiagnosis(printer, diagnosis);
    return EXITS[diagnosis.verdict];
  },
};

type Found = CheckResult & Pick<DiagnosisReport, 'gateway' | 'mode'> & { refusals: RecentRefusal[] };

/** Through the gateway when it answers and takes our key; otherwise alone, with a finding that says why. */
async function examine(line: CommandLine, to: string | null, printer: Printer, surroundings: Surroundings): Promise<Found> {
  const { language } = printer;
  const { env } = surroundings;
  // What --url and GATEWAY_URL say is about this command alone; HOST and PORT are the gateway's own.
  const isOurs = !addressNamed(line, env);
  if (isOurs && !URL.canParse(addressHere(env)))
    return withoutGateway([addressFault('no_address', { url: addressHere(env) }, language)], to, printer, surroundings);
  const gateway = gatewayOf(line, env);
  printer.progress(sayDiagnosis('asking_gateway', language, { url: gateway.url }));
  try {
    const mode = await gateway.mode();
    const found = await throughGateway(gateway, to, printer, surroundings);
    if (!('refused' in found)) return { ...found, gateway: gateway.url, mode };
    const refused = refusedGate(found.refused, printer);
    // Without a key of 360dialog the environment is not the gateway's, and says nothing about it; nor about a number that is named.
    const isAnothers = !env.D360_API_KEY?.trim() || gateway.phoneNumberId !== null;
    if (refused.verdict === 'fail' && isAnothers)
      return { findings: [refused], outbound: 'unknown', refusals: [], gateway: gateway.url, mode };
    return withoutGateway([refused], to, printer, surroundings);
  } catch (error) {
    // The environment knows its own number alone.
    if (!(error instanceof NoGateway) || gateway.phoneNumberId !== null) throw error;
    const gate = isOurs && error.isOtherProgram ? otherProgram(error, language) : silentGate(error, printer);
    return withoutGateway([gate], to, printer, surroundings);
  }
}

/** @param hindrance why no gateway is asked */
async function withoutGateway(hindrance: CliFinding[], to: string | null, printer: Printer, surroundings: Surroundings): Promise<Found> {
  printer.progress(sayDiagnosis('going_alone', printer.language));
  const found = await alone(to, printer, surroundings);
  return { ...found, findings: withOneConfiguration([...hindrance, ...found.findings]), refusals: [], gateway: null };
}

/** Faults of the configuration, wherever they were found, as one finding. */
function withOneConfiguration(findings: readonly CliFinding[]): CliFinding[] {
  const faults = findings.filter(({ name, verdict }) => name === 'configuration' && verdict === 'fail');
  const [first] = faults;
  if (!first) return [...findings];
  const all = (key: 'cause' | 'remedy') => [...new Set(faults.map((one) => one[key]).filter((text) => text !== null))].join('\n') || null;
  const one = { ...first, code: faults.find(({ code }) => code !== null)?.code ?? null, cause: all('cause'), remedy: all('remedy') };
  return [one, ...findings.filter(({ name }) => name !== 'configuration')];
}

const addressFault = (cause: 'no_address' | 'no_gateway_there', params: Record<string, string>, language: Language): CliFinding =>
  finding('configuration', 'fail', language, {
    cause: sayDiagnosis(cause, language, params),
    remedy: sayDiagnosis('address_remedy', language),
  });

const otherProgram = ({ url, reason }: NoGateway, language: Language): CliFinding =>
  addressFault('no_gateway_there', { url, reason: reasonIn(reason, language) }, language);

/** Without a gateway no webhook is heard, but that does not refuse an outbound call. */
const silentGate = ({ url, reason }: NoGateway, { language }: Printer): CliFinding =>
  finding('gateway', 'warning', language, {
    direction: 'inbound',
    cause: sayDiagnosis('gateway_silent', language, { url, reason: reasonIn(reason, language) }),
    remedy: sayDiagnosis('gateway_silent_remedy', language),
  });

/** A key that the gateway refuses is a fault of the set-up; any other answer says itself what to do. */
function refusedGate({ status, body }: GatewayAnswer, { language }: Printer): CliFinding {
  const [code, title] = [text(body.code) ?? null, text(body.title) ?? `HTTP ${status}`];
  if (status === 401 || status === 403) {
    const words = { cause: sayDiagnosis('gateway_refuses', language, { title }), remedy: sayDiagnosis('gateway_refuses_remedy', language) };
    return finding('gateway', 'fail', language, { code, ...words });
  }
  const cause = sayDiagnosis('gateway_without_answer', language, { title: text(body.detail) ?? title });
  return finding('gateway', 'warning', language, { code, cause, remedy: text(body.remedy) ?? null });
}
