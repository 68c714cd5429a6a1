/**
 * The softphone as other pages use it. The shell says how it is loaded, since the softphone itself is built of these parts.
 * @typedef {{ callPerson(address: string, of: { phone_number_id?: string }): Promise<string | null>, troubleView(error: unknown): Node }} Phone
 */

/** @type {{ load(): Promise<Phone> }} */
export const phoneOfShell = { load: () => Promise.reject(new Error('no shell has loaded the softphone')) };
