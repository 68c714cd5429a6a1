const BIND = 'B'.charCodeAt(0);

/**
 * The number of which a message of the gateway reads the next deliveries: the parameters of `untried_deliveries_of` are a number and how
 * many; nothing else is bound with these two.
 * @param {Buffer} message @returns {string | null} null for every other message
 */
export function numberOfBatchRead(message) {
  if (message[0] !== BIND) return null;
  const parameters = parametersOf(message);
  return parameters.length === 2 && /^3\d{14}$/.test(parameters[0]) && parameters[1] === '50' ? parameters[0] : null;
}

/** The parameters of a `Bind` as text. */
function parametersOf(message) {
  let at = message.indexOf(0, 5) + 1;
  at = message.indexOf(0, at) + 1;
  at += 2 + 2 * message.readUInt16BE(at);
  const count = message.readUInt16BE(at);
  at += 2;
  if (count !== 2) return [];
  const found = [];
  for (let i = 0; i < count; i += 1) {
    const length = message.readInt32BE(at);
    at += 4;
    found.push(length < 0 ? '' : message.toString('latin1', at, at + length));
    at += Math.max(0, length);
  }
  return found;
}
