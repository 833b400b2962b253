import type { Charge, Outcome } from '../../../src/detect/detector.ts';
import type { Suspicion } from '../../../src/detect/finding.ts';
import type { Frame, Site } from '../../../src/lifetime/site.ts';

let sites = 0;

/** A site whose frames are given innermost first; those in `node_modules` are a library's. */
export function siteOf(...files: readonly string[]): Site {
  const frames = files.map((at): Frame => {
    const [file = '', line = '1', fn = ''] = at.split(':');
    return { file, line: Number(line), column: 1, fn };
  });
  const ofApp = frames.find(({ file }) => !file.includes('node_modules/'));
  const frame = ofApp ?? frames[0] ?? { file: '', line: 0, column: 0, fn: '' };
  const libraries = [
    ...new Set(
      (ofApp === undefined ? frames : frames.slice(0, frames.indexOf(ofApp))).flatMap(
        ({ file }) => /node_modules\/([^/]+)/.exec(file)?.[1] ?? [],
      ),
    ),
  ];
  return { id: ++sites, frame, inApp: ofApp !== undefined, frames, libraries, captures: 1 };
}

/** A charge as a detector makes it, for rules that look at charges only. */
export function chargeOf(over: Partial<Suspicion> & { readonly key?: string; readonly gone?: Outcome }): Charge {
  const { key, gone = 'resolved', ...suspicion } = over;
  const full: Suspicion = {
    type: 'leaked_client',
    detector: 'outlived',
    certainty: 'likely',
    severity: 'warning',
    kind: 'client',
    resourceType: 'pg.Client',
    site: null,
    scopeName: 'GET /users',
    count: 40,
    opened: 40,
    bytes: 0,
    oldestAgeMs: 1000,
    rate: undefined,
    pattern: undefined,
    trace: undefined,
    advice: 'call `end()`',
    retainedBy: undefined,
    ...suspicion,
  };
  return {
    key: key ?? `${full.kind} ${full.resourceType} ${full.site?.id ?? ''}`,
    suspicion: full,
    whenGone: () => gone,
  };
}
