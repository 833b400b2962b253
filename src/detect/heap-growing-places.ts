import { areEven } from './heap-even-gains.ts';
import type { HeapPlace } from './heap-places.ts';
import { minRiseBytes } from './heap-rise.ts';

/** A place whose live bytes grow as the floor of the heap does, and no more. */
export interface GrowingPlace extends HeapPlace {
  readonly bytes: number;
  readonly samples: number;
  /** What it gained between the first read and the last, and its standard error. */
  readonly gainBytes: number;
  readonly errorBytes: number;
  /** Of what the floor gained meanwhile. */
  readonly share: number;
  /** What is allocated there goes again, later and later: what waits in a queue. */
  readonly flows: boolean;
  /** Beyond doubt: first in, first out. Code that was compiled is flushed when it is old as well, but that is a part of it. */
  readonly inTurn: boolean;
}

/** What a place must show; the windows are those between the reads. */
const rule = {
  minReads: 3,
  /** Alive now: fewer are chance. */
  minSamples: 6,
  /** Born in each of the last two windows and alive. */
  minSamplesAWindow: 2,
  /** Standard errors by which it must have grown. */
  minErrors: 2,
  /** Of what was alive at the first read after its birth, alive still: where less is, things come and go. */
  minKept: 0.75,
  /** Or the oldest go and the later ones stay. */
  minInTurn: 8,
  maxKeptOfOldest: 0.7,
  maxKeptBeyondDoubt: 0.4,
  minKeptOfLater: 0.85,
  /** Then more is asked for: a read more, and that the level grew by twice as much as the load, with which work in flight grows. */
  minErrorsOfFlow: 2.5,
  minReadsOfFlow: 4,
  minOverLoad: 2,
  /** Of the whole gain, what one window brought: else it was a burst. */
  maxStepShare: 0.75,
  /** Gain of the last window over the mean of all. */
  minLateOverMean: 0.4,
  /** The same where there was patience for windows in which a warm-up is seen to slow down. */
  minLateOverMeanAtLeisure: 0.75,
  /** There also standard errors by which the mean gain stands out of how the windows differ; more where things come and go, for that drifts. */
  minErrorsEven: 2.5,
  minErrorsOfFlowEven: 5,
  minShare: 0.05,
  /** Nobody's trouble is smaller, and V8's own moves by as much: compiled code, what it learns of types, maps. */
  minGainBytes: 48 * 1024,
  /** Of what comes and goes as much as a floor must rise by to be worth a look: the difference of the two moves more. */
  minGainBytesOfFlow: minRiseBytes,
  /** The same beside another of the app that shows that: what keeps a thing is small beside it. Then it must be beyond doubt. */
  minShareBeside: 0.02,
  minErrorsBeside: 3,
  minKeptBeside: 0.9,
  /** Where no line of the app is on the call path. */
  minShareOutsideApp: 0.25,
  /** How much more than the floor a place may gain by what the profile can tell. */
  maxOverFloor: 1.25,
} as const;

/** The places of a profile, by how many reads, and how the load grew meanwhile. */
export type HeapReads = Iterable<HeapPlace> & { readonly reads: number; readonly loadGrowth: number };

/** What the floor gained between the first read and the last, and between the last two, in bytes. */
export interface FloorGains {
  readonly floorGain: number;
  readonly lastFloorGain: number;
  readonly atLeisure: boolean;
}

/** Two standard errors on the side of silence. */
const z = 2;

/** Of all places those whose live bytes grow and account for what the floor gains, largest first; of libraries only where there is none of the app. */
export function growingPlaces(places: HeapReads, { floorGain, lastFloorGain, atLeisure }: FloorGains): GrowingPlace[] {
  if (places.reads < rule.minReads) return [];
  const stillRises = lastFloorGain >= (rule.minLateOverMean * floorGain) / (places.reads - 1);
  if (floorGain <= 0 || !stillRises) return [];
  const growing: GrowingPlace[] = [];
  for (const place of places) {
    const grown = grownOf(place, floorGain, atLeisure);
    if (grown === undefined || !isWithin(grown, floorGain, lastFloorGain)) continue;
    if (!grown.flows || outgrowsLoad(grown, places.loadGrowth)) growing.push(grown);
  }
  growing.sort((a, b) => b.gainBytes - a.gainBytes);
  const ofApp = growing.filter(({ inApp }) => inApp);
  return ofApp.some(isLarge)
    ? ofApp.filter((place) => isLarge(place) || isBeyondDoubt(place))
    : growing.filter(({ share, inApp }) => !inApp && share >= rule.minShareOutsideApp);
}

const isLarge = ({ share }: GrowingPlace): boolean => share >= rule.minShare;

const isBeyondDoubt = (place: GrowingPlace): boolean =>
  place.gainBytes >= rule.minErrorsBeside * place.errorBytes && keptShare(place) >= rule.minKeptBeside;

function grownOf(place: HeapPlace, floorGain: number, atLeisure: boolean): GrowingPlace | undefined {
  const { levels, births } = place;
  const bytes = levels.at(-1) ?? 0;
  const samples = births.reduce((sum, { keptSamples }) => sum + keptSamples, 0);
  if (samples < rule.minSamples) return undefined;
  if (births.slice(-2).some(({ keptSamples }) => keptSamples < rule.minSamplesAWindow)) return undefined;
  const gainBytes = bytes - (levels[0] ?? 0);
  const flows = keptShare(place) < rule.minKept || goesInTurn(place, rule.maxKeptOfOldest);
  if (gainBytes < (flows ? rule.minGainBytesOfFlow : rule.minGainBytes)) return undefined;
  if (!isSteady(place, gainBytes, { atLeisure, flows })) return undefined;
  const errorBytes = errorOf(place, bytes / samples);
  const inTurn = goesInTurn(place, rule.maxKeptBeyondDoubt);
  if (flows && levels.length < rule.minReadsOfFlow) return undefined;
  if (gainBytes < (flows ? rule.minErrorsOfFlow : rule.minErrors) * errorBytes) return undefined;
  return { ...place, bytes, samples, gainBytes, errorBytes, share: Math.min(1, gainBytes / floorGain), flows, inTurn };
}

/** It grows in the last window about as much as in the others, in most of them, and in none alone. */
function isSteady(
  place: HeapPlace,
  gainBytes: number,
  { atLeisure, flows }: { readonly atLeisure: boolean; readonly flows: boolean },
): boolean {
  const { levels } = place;
  const steps = levels.slice(1).map((level, i) => level - (levels[i] ?? 0));
  const minLateOverMean = atLeisure ? rule.minLateOverMeanAtLeisure : rule.minLateOverMean;
  const gains = flows ? steps : [firstGain(place), ...steps];
  if (atLeisure && !areEven(gains, flows ? rule.minErrorsOfFlowEven : rule.minErrorsEven)) return false;
  const rises = steps.filter((step) => step > 0).length;
  return (
    (steps.at(-1) ?? 0) >= (minLateOverMean * gainBytes) / steps.length &&
    rises >= steps.length - Math.floor(steps.length / 3) &&
    Math.max(...steps) <= rule.maxStepShare * gainBytes
  );
}

/**
 * Of the window before the first read, from which the profile began with nothing: all that was there of what is kept, less
 * as much as goes within a window, which is work in flight.
 */
function firstGain({ levels, births }: HeapPlace): number {
  const [first = 0] = levels;
  const { bornSamples = 0, keptSamples = 0 } = births.at(-2) ?? {};
  return bornSamples === 0 ? first : (first * keptSamples) / bornSamples;
}

const outgrowsLoad = ({ levels, gainBytes }: GrowingPlace, loadGrowth: number): boolean =>
  gainBytes >= rule.minOverLoad * Math.max(0, loadGrowth - 1) * (levels[0] ?? 0);

/** What a place gains the floor gains too, over all the windows and in the last one: else as much goes elsewhere, as in a full cache. */
function isWithin(place: GrowingPlace, floorGain: number, lastFloorGain: number): boolean {
  const last = lastGain(place);
  const lastError = place.errorBytes / Math.sqrt(place.levels.length - 1);
  return (
    place.share >= rule.minShareBeside &&
    place.gainBytes - z * place.errorBytes <= rule.maxOverFloor * floorGain &&
    last - z * lastError <= rule.maxOverFloor * lastFloorGain
  );
}

const lastGain = ({ levels }: HeapPlace): number => (levels.at(-1) ?? 0) - (levels.at(-2) ?? 0);

/** Over the first of the births, which had the time to go. */
function keptShare({ births }: HeapPlace): number {
  const settled = births.slice(0, Math.ceil(births.length / 2));
  const born = settled.reduce((sum, { bornSamples }) => sum + bornSamples, 0);
  return born === 0 ? 1 : settled.reduce((sum, { keptSamples }) => sum + keptSamples, 0) / born;
}

/** Of the oldest many are gone and of all later ones next to none: first in, first out. */
function goesInTurn({ births }: HeapPlace, maxKeptOfOldest: number): boolean {
  const [oldest, ...later] = births.slice(0, -1);
  if (oldest === undefined || oldest.bornSamples < rule.minInTurn) return false;
  const born = later.reduce((sum, { bornSamples }) => sum + bornSamples, 0);
  const kept = later.reduce((sum, { keptSamples }) => sum + keptSamples, 0);
  return (
    born >= rule.minInTurn &&
    oldest.keptSamples <= maxKeptOfOldest * oldest.bornSamples &&
    kept >= rule.minKeptOfLater * born
  );
}

/**
 * Samples come by chance, as many as Poisson says; each stands for `perSample` bytes. What was there at the first read and
 * is there at the last adds nothing to the error of the gain.
 */
function errorOf({ levels, births }: HeapPlace, perSample: number): number {
  const came = births.slice(1).reduce((sum, { keptBytes }) => sum + keptBytes, 0);
  const went = Math.max(0, (levels[0] ?? 0) - (births[0]?.keptBytes ?? 0));
  return Math.sqrt((came + went) * perSample);
}
