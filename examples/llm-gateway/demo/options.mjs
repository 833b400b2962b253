import { parseArgs } from 'node:util';
import { leakNames } from '../gateway/leaks.mjs';

export const usage = `npm start                         all planted leaks, 45 s of load
npm start -- --healthy            none of them: nothing may be found
npm start -- --leak queue,timers  these only; one or more of ${leakNames.join(', ')}
npm start -- --seconds 120        longer or shorter
With OTEL_EXPORTER_OTLP_ENDPOINT set, what the gateway exports goes there; else to a receiver inside the demo.`;

/** What was asked for on the command line. Throws an Error that says what is wrong with it. */
export function optionsFrom(args) {
  const { values } = parseArgs({
    args,
    options: {
      healthy: { type: 'boolean', default: false },
      leak: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '45' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds >= 1)) throw new Error(`Expected \`--seconds\` to be a number >= 1, got \`${values.seconds}\``);
  if (values.healthy && values.leak) throw new Error('`--healthy` and `--leak` exclude each other');
  return { help: values.help, seconds, leaks: values.healthy ? [] : leaksFrom(values.leak) };
}

function leaksFrom(lists) {
  if (!lists) return leakNames;
  const names = lists.flatMap((list) => list.split(',')).filter(Boolean);
  const unknown = names.find((name) => !leakNames.includes(name));
  if (unknown !== undefined || names.length === 0) {
    throw new Error(`Expected \`--leak\` to be one or more of ${leakNames.join(', ')}, got \`${unknown ?? ''}\``);
  }
  return [...new Set(names)];
}
