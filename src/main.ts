import '#kernel/required-node.js';

// Not a static import: an older Node would load everything, or fail at what it does not know, before the check has run.
await import('./run.js');
