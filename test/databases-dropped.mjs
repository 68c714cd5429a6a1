export { tearDown as default } from './databases.mjs';
