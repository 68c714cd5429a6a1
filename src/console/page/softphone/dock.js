import { onLanguage } from '../texts.js';
import { card } from './card.js';
import { allLines, onLines, phaseOf } from './lines.js';
import { watch } from './meters.js';

/** @import { Line } from './lines.js' */

/** The calls of this window, on every page. */

const TICK_MS = 1_000;
/** @type {Map<Line, ReturnType<typeof card>>} */
const cards = new Map();

/** @param {HTMLElement} dock */
export function startDock(dock) {
  const draw = () => {
    const lines = allLines();
    for (const [line, { element }] of cards) {
      if (lines.includes(line)) continue;
      element.remove();
      cards.delete(line);
    }
    for (const line of lines) {
      const shown = cards.get(line) ?? card(line);
      if (!cards.has(line)) {
        cards.set(line, shown);
        dock.append(shown.element);
      }
      listen(line);
      shown.draw();
    }
  };
  onLines(draw);
  // The page's language is set by then.
  onLanguage(() => queueMicrotask(draw));
  setInterval(() => {
    for (const { tick } of cards.values()) tick();
  }, TICK_MS);
}

/** The meters run while there is talk. @param {Line} line */
function listen(line) {
  const { media } = line;
  const talks = phaseOf(line) === 'in_progress' && media !== null;
  if (talks === Boolean(line.stopWatch)) return;
  line.stopWatch?.();
  line.stopWatch = talks
    ? watch(media, (heard) => {
        line.heard = heard;
        cards.get(line)?.hear();
      })
    : null;
}
