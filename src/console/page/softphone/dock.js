import { onLanguage } from '../texts.js';
import { card } from './card.js';
import { allLines, onLines, phaseOf } from './lines.js';
import { watch } from './meters.js';

/** The calls of this window, on every page. */

const TICK_MS = 1_000;
const cards = new Map();

export function startDock(dock) {
  const draw = () => {
    const lines = allLines();
    for (const [line, { element }] of cards) {
      if (lines.includes(line)) continue;
      element.remove();
      cards.delete(line);
    }
    for (const line of lines) {
      if (!cards.has(line)) {
        cards.set(line, card(line));
        dock.append(cards.get(line).element);
      }
      listen(line);
      cards.get(line).draw();
    }
  };
  onLines(draw);
  // The page's language is set by then.
  onLanguage(() => queueMicrotask(draw));
  setInterval(() => {
    for (const { tick } of cards.values()) tick();
  }, TICK_MS);
}

/** The meters run while there is talk. */
function listen(line) {
  const talks = phaseOf(line) === 'in_progress';
  if (talks === Boolean(line.stopWatch)) return;
  line.stopWatch?.();
  line.stopWatch = talks
    ? watch(line.media, (heard) => {
        line.heard = heard;
        cards.get(line)?.hear();
      })
    : null;
}
