/** The native modules of package-lock.json are built for the Node that stands beside them there. */
export const REQUIRED_MAJOR = 24;

/** EX_CONFIG of sysexits.h: a restart alone does not help. */
const EXIT_CODE = 78;

/** What an older Node is answered, in the language of the terminal; null for one that runs the gateway. */
export function refusalOfNode(version: string, path: string, locale: string): string | null {
  if (Number.parseInt(version, 10) >= REQUIRED_MAJOR) return null;
  return /^es([_.@-]|$)/i.test(locale)
    ? `El gateway necesita Node ${REQUIRED_MAJOR} o posterior, y ${path} es Node ${version}: use los comandos de npm (\`npm start\`), que usan el Node de package-lock.json, o ejecute este archivo con node_modules/.bin/node.\n`
    : `The gateway needs Node ${REQUIRED_MAJOR} or newer, and ${path} is Node ${version}: use the commands of npm (\`npm start\`), which use the Node of package-lock.json, or run this file with node_modules/.bin/node.\n`;
}

// The first import of every entry file: it runs before a native module is loaded, which an older Node answers with a segmentation fault.
const { LC_ALL, LC_MESSAGES, LANG } = process.env;
const refusal = refusalOfNode(process.versions.node, process.execPath, LC_ALL || LC_MESSAGES || LANG || '');
if (refusal !== null) {
  process.stderr.write(refusal);
  process.exit(EXIT_CODE);
}
