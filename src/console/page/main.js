import { onExpired } from './api.js';
import { closeStream, onEvent, openStream } from './events.js';
import { forgetSession, loadSession, onSession, session } from './session.js';
import { startShell } from './shell.js';

/** Listening counts as use: a phone that waits for calls is not signed out for being idle. */
const STAY_MS = 10 * 60_000;
const TRY_AGAIN_MS = 3_000;

onSession((now) => (now ? openStream() : closeStream()));
onExpired(forgetSession);
onEvent('stream', ({ state }) => {
  if (state === 'refused') setTimeout(comeBack, TRY_AGAIN_MS);
});
setInterval(() => session() && loadSession().catch(() => undefined), STAY_MS);

/** Whether the stream was refused for good is a question of the session. */
async function comeBack() {
  if (!session()) return;
  const still = await loadSession().catch(() => session());
  if (still) openStream();
}

startShell(await loadSession().catch((error) => error));
