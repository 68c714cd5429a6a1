// The event stream as the recipes read it: a broken one is resumed where it broke.
import { setTimeout as pause } from 'node:timers/promises';
import { open, Refusal } from './gateway.mjs';

/** Every event of these types from now on. @throws Refusal when the key may not listen */
export async function* events(types) {
  for (let last; ; await pause(2_000)) {
    try {
      const { body } = await open(`/api/events?types=${types}`, { headers: last ? { 'Last-Event-ID': last } : {} });
      console.log(`Listening for ${types}`);
      let text = '';
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const frames = `${text}${chunk}`.split('\n\n');
        text = frames.pop();
        for (const frame of frames) {
          last = /^id: (.+)$/m.exec(frame)?.[1] ?? last;
          const data = /^data: (.+)$/m.exec(frame)?.[1];
          if (frame.startsWith('event: reset')) console.error('Events were missed: read the state again.');
          else if (data && !frame.startsWith('event:')) yield JSON.parse(data);
        }
      }
    } catch (error) {
      if (error instanceof Refusal && error.problem.status < 500) throw error;
      console.error(`The stream broke (${error.message}); connecting again.`);
    }
  }
}
