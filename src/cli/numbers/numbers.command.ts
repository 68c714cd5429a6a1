import { GATEWAY_OPTIONS, textOptions, UsageFault } from '#cli/terminal/command-line.js';
import { gatewayWithKey } from '#cli/terminal/gateway.client.js';
import type { Command } from '#cli/terminal/run.js';
import { replaceEnvironment } from './replace-environment.js';
import { sayNumbers } from './texts.js';
import { unknownVerb, workOf } from './verbs.js';

const VERBS =
  'list | add | pause ID | resume ID | remove ID | new-key ID | webhook ID | rotate-token ID | channels | adopt CHANNEL | replace-environment';

/** The business numbers of a gateway: of a running one over its API, and which is that of the environment in a database. */
export const numbersCommand: Command = {
  usage: `npm run numbers -- ${VERBS}   [--url URL] [--key KEY] [--json] [--lang en|es]`,
  help: {
    en: `Lists, adds, pauses and removes the business numbers of a running gateway; the key in use needs numbers:read or numbers:admin.

  list [--unhealthy]      every number, or those whose key 360dialog refused or whose webhooks go elsewhere
  add [--name NAME] [--reference WORD] [--webhook show|register] [--replaces URL]
                          adds the number of a key. The key is asked for on the terminal, or read from stdin or NUMBER_API_KEY, never
                          from the arguments. What is to be registered at 360dialog is shown this once
  pause ID, resume ID     no new dials, requests and incoming calls; and again
  new-key ID              another key of the same number, given as for add
  webhook ID [--replaces URL] [--dry-run]
                          registers this gateway as the webhook of the number
  rotate-token ID         another token for its webhooks
  remove ID [--erase] [--yes]
                          its live calls end, its webhook is restored, its secrets are destroyed; --erase deletes its calls, too
  channels                the channels of the partner, with what the gateway has of them
  adopt CHANNEL --revoke-existing-keys [--webhook show|register] [--replaces URL]
                          makes a key for a channel of the partner and adds its number. Every earlier key of it is revoked
  replace-environment [--yes] [--force]
                          works on the database of DATABASE_URL, while no gateway runs: asks 360dialog of which number D360_API_KEY is,
                          and puts that number in the place of the one that the environment had. A gateway refuses to start with a key
                          of another number until then. Refused while a gateway runs on the database, or calls of the number before have
                          not ended (--force). Its calls, people and reports stay until their retention ends

ID is a phone_number_id. The gateway is found by --url, GATEWAY_URL or HOST and PORT; its key by --key, GATEWAY_API_KEY or API_KEY.
Exit code 0 when it is done, 1 when it was refused or declined, 64 for wrong arguments, 69 when the gateway or 360dialog is silent.`,
    es: `Lista, agrega, pausa y quita los números de un gateway en marcha; la clave en uso necesita numbers:read o numbers:admin.

  list [--unhealthy]      todos los números, o aquellos cuya clave rechazó 360dialog o cuyos webhooks van a otra parte
  add [--name NOMBRE] [--reference PALABRA] [--webhook show|register] [--replaces URL]
                          agrega el número de una clave. La clave se pide en la terminal o se lee de la entrada estándar o de
                          NUMBER_API_KEY, nunca de los argumentos. Lo que debe registrarse en 360dialog se muestra solo esta vez
  pause ID, resume ID     sin llamadas, solicitudes ni llamadas entrantes nuevas; y de nuevo
  new-key ID              otra clave del mismo número, dada como en add
  webhook ID [--replaces URL] [--dry-run]
                          registra este gateway como el webhook del número
  rotate-token ID         otro token para sus webhooks
  remove ID [--erase] [--yes]
                          terminan sus llamadas en curso, se restaura su webhook y se destruyen sus secretos; --erase borra también sus
                          llamadas
  channels                los canales del partner, con lo que el gateway tiene de ellos
  adopt CANAL --revoke-existing-keys [--webhook show|register] [--replaces URL]
                          crea una clave para un canal del partner y agrega su número. Se revocan todas las claves anteriores
  replace-environment [--yes] [--force]
                          trabaja sobre la base de DATABASE_URL, sin gateway en marcha: pregunta a 360dialog de qué número es
                          D360_API_KEY y pone ese número en lugar del que tenía el entorno. Hasta entonces, un gateway se niega a
                          iniciar con la clave de otro número. Se rechaza si un gateway usa la base o si hay llamadas del número anterior
                          sin terminar (--force). Sus llamadas, personas e informes quedan hasta el fin de su retención

ID es un phone_number_id. El gateway se encuentra con --url, GATEWAY_URL o HOST y PORT; su clave, con --key, GATEWAY_API_KEY o API_KEY.
Código de salida 0 si se hizo, 1 si se rechazó o no se quiso, 64 si los argumentos están mal, 69 si el gateway o 360dialog no responde.`,
  },
  options: {
    ...GATEWAY_OPTIONS,
    ...textOptions('name', 'reference', 'webhook', 'replaces'),
    ...{ unhealthy: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, erase: { type: 'boolean' } },
    ...{ 'revoke-existing-keys': { type: 'boolean' }, force: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' } },
  },
  async run(line, printer, surroundings) {
    if (line.option('number') !== undefined) throw new UsageFault(sayNumbers('id_is_a_word', line.language));
    if (line.words[0] === 'replace-environment') {
      if (line.words.length > 1) throw unknownVerb(line);
      return replaceEnvironment(line, printer, surroundings);
    }
    const work = workOf(line);
    if (!work) throw unknownVerb(line);
    return work(gatewayWithKey(line, surroundings.env), printer, surroundings);
  },
};
