import { GATEWAY_OPTIONS, personOf, textOptions, UsageFault, wholeNumber } from '#cli/terminal/command-line.js';
import { gatewayWithKey } from '#cli/terminal/gateway.client.js';
import type { Command } from '#cli/terminal/run.js';
import { say } from '#cli/terminal/texts.js';
import { Narrator } from './narrator.js';
import { builtInOffer, offerFrom } from './offer.js';
import { checkFirst } from './preflight.js';
import { sayWalk } from './texts.js';
import { Walk } from './walk.js';

/** Makes one outbound call in both steps through a running gateway and prints each state. */
export const testCallCommand: Command = {
  usage:
    'npm run test-call -- --to NUMBER [--number ID] [--dry-run] [--offer FILE] [--wait SECONDS] [--url URL] [--key KEY] [--json] [--lang en|es]',
  help: {
    en: `Calls a person through a running gateway, in both steps, and tells each: permission, dialing, ringing, answered, ended.
Hangs up 5 s after the answer, or on Ctrl-C. A refusal is explained with its cause and what to do.

  npm run test-call -- --to 5215512340001             somebody of the simulator's cast
  npm run test-call -- --to +525512345678 --dry-run   only asks whether the person may be called
  npm run test-call -- --to +525512345678 --offer offer.sdp

Without --offer the phone rings, but the call carries no audio. --wait is how many seconds the person may take to answer
a permission request (default 120).
With several numbers, --number says which is meant, by its phone_number_id.
The gateway is found by --url, GATEWAY_URL or HOST and PORT; the key by --key, GATEWAY_API_KEY or API_KEY.
Exit code 0 when the call was answered (with --dry-run: when it may be made), 1 when it was refused or not answered, 2 when
that is not known, 64 for wrong arguments, 69 when no gateway answers.`,
    es: `Llama a una persona a través de un gateway en marcha, en los dos pasos, y muestra cada estado: permiso, marcando, sonando,
contestada y terminada. Cuelga 5 s después de la respuesta, o con Ctrl-C. Un rechazo se explica con su causa y qué hacer.

  npm run test-call -- --to 5215512340001             un usuario simulado
  npm run test-call -- --to +525512345678 --dry-run   solo pregunta si se puede llamar a la persona
  npm run test-call -- --to +525512345678 --offer oferta.sdp

Sin --offer el teléfono suena, pero la llamada no lleva audio. --wait son los segundos que la persona puede tardar en
responder una solicitud de permiso (120 si no se indica).
Con varios números, --number indica cuál, por su phone_number_id.
El gateway se encuentra con --url, GATEWAY_URL o HOST y PORT; la clave, con --key, GATEWAY_API_KEY o API_KEY.
Código de salida 0 si contestaron (con --dry-run: si se puede llamar), 1 si se rechazó o nadie contestó, 2 si no se sabe,
64 si los argumentos están mal, 69 si ningún gateway responde.`,
  },
  options: { ...GATEWAY_OPTIONS, ...textOptions('to', 'offer', 'wait'), 'dry-run': { type: 'boolean' } },
  async run(line, printer, surroundings) {
    const to = personOf(line)?.to;
    if (to === undefined) throw new UsageFault(say('missing_option', line.language, { option: 'to' }));
    const waitSeconds = wholeNumber(line, 'wait', 120, 1, 604_800);
    const file = line.option('offer');
    const offer = file === undefined ? builtInOffer() : await offerFrom(file, line.language);
    const gateway = gatewayWithKey(line, surroundings.env);
    const narrator = new Narrator(printer);
    if ((await gateway.mode()) === 'simulator') narrator.report('simulator');
    const before = await checkFirst(gateway, to, printer);
    if (line.flag('dry-run')) {
      printer.document(before.answer);
      printer.line(sayWalk('dry', line.language));
      return before.exit;
    }
    if (file === undefined) narrator.report('no_audio');
    return new Walk(gateway, narrator, surroundings, surroundings.interruption()).run({ to, offer, waitSeconds });
  },
};
