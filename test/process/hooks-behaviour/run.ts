import type { Hook } from '../../../src/observe/hook.ts';
import { files } from '../../../src/observe/hooks/files.ts';
import { generators } from '../../../src/observe/hooks/generators.ts';
import { webStreams } from '../../../src/observe/hooks/web-streams.ts';
import { observed } from '../../unit/observe/observed.ts';
import { fileBehaviour } from './files.ts';
import { generatorBehaviour } from './generators.ts';
import { webStreamBehaviour } from './web-streams.ts';

const cases: Readonly<Record<string, { hook: Hook; behaviour: () => Promise<unknown[]> }>> = {
  generators: { hook: generators, behaviour: generatorBehaviour },
  files: { hook: files, behaviour: fileBehaviour },
  'web streams': { hook: webStreams, behaviour: webStreamBehaviour },
};

// run.ts <case> bare|hooked: prints what an app saw as JSON
const [name = '', how] = process.argv.slice(2);
const chosen = cases[name];
if (chosen === undefined) throw new RangeError(`no such case: ${name}`);
const sut = how === 'hooked' ? observed({ hooks: [chosen.hook] }) : undefined;
const inScope = sut === undefined ? chosen.behaviour() : sut.inRequest('GET /', chosen.behaviour);
process.stdout.write(JSON.stringify(await inScope));
sut?.sweep();
