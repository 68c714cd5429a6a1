import '#kernel/node/required-node.js';

// No static imports: an older Node would load everything, or fail at what it does not know, before the check has run.
await import('reflect-metadata');
const { AppModule } = await import('./app.module.js');
const { start } = await import('./start.js');
const { refuseStart } = await import('./stop.js');

start((settings) => AppModule.with(settings)).catch(refuseStart);
