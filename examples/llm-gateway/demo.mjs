// What `npm start` runs: the gateway under outlive and under load, with its leaks switched on, and what comes of it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optionsFrom, usage } from './demo/options.mjs';
import { registerUrl } from './demo/processes.mjs';
import { runDemo } from './demo/run.mjs';
import { Screen } from './demo/screen.mjs';

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  const options = readOptions(args);
  if (typeof options === 'number') return options;
  if (!existsSync(registerUrl)) {
    console.error('The package is not built yet: `npm run setup` builds it.');
    return 1;
  }
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  process.once('SIGTERM', () => interrupted.abort());
  const dataDir = mkdtempSync(join(tmpdir(), 'llm-gateway-'));
  try {
    const passed = await runDemo({
      ...options,
      dataDir,
      screen: new Screen(process.stdout),
      interrupted: interrupted.signal,
    });
    return interrupted.signal.aborted ? 130 : passed ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    console.error(`✘ ${error.message}`);
    return 1;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The options, or the exit code where there is nothing to run. */
function readOptions(args) {
  try {
    const options = optionsFrom(args);
    if (!options.help) return options;
    console.log(usage);
    return 0;
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    return 2;
  }
}
