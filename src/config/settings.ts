import type { readSettings } from './read-settings.js';

/** A class for injection, with the members that `readSettings` reads. */
const SettingsRead = class {} as unknown as abstract new () => Readonly<ReturnType<typeof readSettings>>;

/** Everything that the operator can set; `readSettings` reads and checks the environment once. Times are in ms. */
export abstract class Settings extends SettingsRead {}
