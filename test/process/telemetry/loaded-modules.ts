// Prints at exit which modules of OpenTelemetry were asked for.
import { registerHooks } from 'node:module';

const asked = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('@opentelemetry/')) asked.add(specifier);
    return next(specifier, context);
  },
});
process.on('exit', () => console.log(`loaded ${JSON.stringify([...asked])}`));
