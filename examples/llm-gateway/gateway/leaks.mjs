/**
 * One realistic bug each, off unless `LEAK` names it (`LEAK=streams,timers node main.mjs`).
 * The line at fault carries `// leak: <name>`, the line that cures it `// fix: <name>`.
 */
export const leakNames = ['streams', 'generators', 'queue', 'clients', 'timers', 'listeners', 'tasks'];

export const leaks = new Set((process.env.LEAK ?? '').split(',').filter((name) => leakNames.includes(name)));
