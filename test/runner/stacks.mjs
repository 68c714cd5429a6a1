import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Where a line and column of a compiled file stand in its source, as `path:line:column`. */
function inSource(at, url, line, column) {
  try {
    const origin = findSourceMap(url)?.findOrigin(Number(line), Number(column));
    return origin?.fileName === undefined
      ? `${fileURLToPath(url)}:${line}:${column}`
      : `${fileURLToPath(origin.fileName)}:${origin.lineNumber}:${origin.columnNumber}`;
  } catch {
    return at;
  }
}

const headOf = (error) => {
  try {
    return String(error);
  } catch {
    return 'Error';
  }
};

/** A stack as V8 writes it, with the places of the sources and without the frames of this runner: an `Error.prepareStackTrace`. */
export function stackInSources(error, frames) {
  const lines = frames
    .map((frame) => String(frame).replace(/(file:[^\s()]+?):(\d+):(\d+)/, inSource))
    .filter((line) => !line.includes(`${import.meta.dirname}/`));
  return [headOf(error), ...lines.map((line) => `    at ${line}`)].join('\n');
}
