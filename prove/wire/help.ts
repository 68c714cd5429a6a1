/** What `--help` says. */
export const HELP = {
  en: `Walks your number through the assumptions of docs/assumptions.md, against a running gateway and 360dialog itself, and says
of each: holds, does not hold, or could not tell, with what was seen (numbers and keys redacted). Asks before each step.

  npm run verify-wire                                 reads, and provokes a few harmless refusals; rings nobody
  npm run verify-wire -- --to +525512345678           also asks this person for permission and rings them four times:
                                                      to decline, to answer, to let ring, and one that is called off
  npm run --silent verify-wire -- --yes --json        for scripts: no questions, one JSON document
  npm run verify-wire -- --yes --out wire.json        also keeps the report

Without --to nobody is rung and nobody is asked. --wait is how many seconds the person may take to answer a permission
request (default 120). 360dialog itself is asked with D360_API_KEY (and D360_BASE_URL) from the environment or .env.
The gateway is found by --url, GATEWAY_URL or HOST and PORT; the key by --key, GATEWAY_API_KEY or API_KEY.
Exit code 0 when everything that could be seen holds, 1 when something does not, 2 when an answer is missing, 64 for wrong
arguments, 69 when no gateway answers.`,
  es: `Recorre con su número las suposiciones de docs/assumptions.md, contra un gateway en marcha y contra 360dialog, y dice de
cada una: se cumple, no se cumple o no se pudo saber, con lo que se vio (sin números ni claves). Pregunta antes de cada paso.

  npm run verify-wire                                 lee y provoca unos rechazos inofensivos; no llama a nadie
  npm run verify-wire -- --to +525512345678           además pide permiso a esta persona y la llama cuatro veces:
                                                      para rechazar, contestar, dejar sonar, y una que se cancela
  npm run --silent verify-wire -- --yes --json        para scripts: sin preguntas, un documento JSON
  npm run verify-wire -- --yes --out wire.json        además guarda el informe

Sin --to no se llama ni se pide permiso a nadie. --wait son los segundos que la persona puede tardar en responder una
solicitud de permiso (120 si no se indica). A 360dialog se le consulta con D360_API_KEY (y D360_BASE_URL) del entorno o .env.
El gateway se encuentra con --url, GATEWAY_URL o HOST y PORT; la clave, con --key, GATEWAY_API_KEY o API_KEY.
Código de salida 0 si todo lo que se pudo ver se cumple, 1 si algo no se cumple, 2 si falta una respuesta, 64 si los
argumentos están mal, 69 si ningún gateway responde.`,
} as const;
