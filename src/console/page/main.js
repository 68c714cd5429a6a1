import { onExpired } from './api.js';
import { closeStream, onEvent, openStream } from './events.js';
import { goBack } from './return-path.js';
import { can, forgetSession, loadSession, onSession, session } from './session.js';
import { startShell } from './shell.js';

const TRY_AGAIN_MS = 3_000;

onSession((current) => {
  if (current) goBack(location, sessionStorage, Date.now());
});
onSession(listen);
onExpired(forgetSession);
onEvent('stream', ({ state }) => {
  if (state === 'refused') setTimeout(comeBack, TRY_AGAIN_MS);
});

/** A key may read without receiving events; then pages show the last answers of the API. */
function listen() {
  const current = session();
  if (current && can('events:read')) openStream(current.id);
  else closeStream();
}

/** Whether the stream was refused for good is a question of the session. */
async function comeBack() {
  if (!session()) return;
  await loadSession().catch(() => undefined);
  listen();
}

startShell(await loadSession().catch((error) => error));
