/** Ids of calls and messages hold the user's number in Base64: only their ends are shown. */
const ID = /\b(wacid|wamid)\.([A-Za-z0-9+/=_-]+)/g;
const BSUID = /\b([A-Z]{2}\.(?:ENT\.)?)([A-Za-z0-9]{5,})\b/g;
const NUMBER = /\+?\d{7,}/g;
const BEARER = /\b(Bearer|Basic)\s+\S+/gi;

/** A text of 360dialog, or about a person, without numbers and tokens: of each only the end stays. */
export const redactEvidence = (text: string): string =>
  text
    .replace(BEARER, '$1 …')
    .replace(ID, (_, kind: string, id: string) => `${kind}.…${id.slice(-4)}`)
    .replace(BSUID, (_, head: string, id: string) => `${head}…${id.slice(-2)}`)
    .replace(NUMBER, (digits) => `…${digits.slice(-2)}`);
