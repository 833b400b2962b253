import type { HeapFloor } from '../lifetime/heap-floors.ts';
import type { HeapPlace } from './heap-places.ts';
import { gainedBytes } from './heap-trend.ts';

/** A place whose live bytes grow as the floor of the heap does, and no more. */
export interface GrowingPlace extends HeapPlace {
  readonly bytes: number;
  readonly samples: number;
  /** What it gained between the first read and the last, and its standard error. */
  readonly gainBytes: number;
  readonly errorBytes: number;
  /** Of what the floor gained meanwhile. */
  readonly share: number;
}

/** What a place must show; the windows are those between the reads. */
const rule = {
  minReads: 3,
  /** Alive now: fewer are chance. */
  minSamples: 6,
  /** Born in each of the last two windows and alive. */
  minSamplesAWindow: 2,
  /** Of what was alive at the first read after its birth, alive still: a cache that is full, sessions, jobs lose theirs. */
  minKept: 0.75,
  /** Gain of the last window over the mean of all. */
  minLateOverMean: 0.4,
  minShare: 0.05,
  /** Where no line of the app is on the call path. */
  minShareOutsideApp: 0.25,
  /** How much more than the floor a place may gain by what the profile can tell. */
  maxOverFloor: 1.25,
} as const;

/** Two standard errors on the side of silence. */
const z = 2;

/** Of all places those whose live bytes grow and account for what the floor gains, largest first; of libraries only where there is none of the app. */
export function growingPlaces(places: Iterable<HeapPlace>, floors: readonly HeapFloor[]): GrowingPlace[] {
  if (floors.length < rule.minReads) return [];
  const floorGain = gainedBytes(floors);
  const lastFloorGain = gainedBytes(floors.slice(-2));
  const stillRises = lastFloorGain >= (rule.minLateOverMean * floorGain) / (floors.length - 1);
  if (floorGain <= 0 || !stillRises) return [];
  const growing: GrowingPlace[] = [];
  for (const place of places) {
    const grown = grownOf(place, floorGain);
    if (grown !== undefined && isWithin(grown, floorGain, lastFloorGain)) growing.push(grown);
  }
  growing.sort((a, b) => b.gainBytes - a.gainBytes);
  const ofApp = growing.filter(({ inApp }) => inApp);
  return ofApp.length > 0 ? ofApp : growing.filter(({ share }) => share >= rule.minShareOutsideApp);
}

function grownOf(place: HeapPlace, floorGain: number): GrowingPlace | undefined {
  const { levels, births } = place;
  const bytes = levels.at(-1) ?? 0;
  const samples = births.reduce((sum, { keptSamples }) => sum + keptSamples, 0);
  if (samples < rule.minSamples || keptShare(place) < rule.minKept) return undefined;
  if (births.slice(-2).some(({ keptSamples }) => keptSamples < rule.minSamplesAWindow)) return undefined;
  const gainBytes = bytes - (levels[0] ?? 0);
  if (lastGain(place) < (rule.minLateOverMean * gainBytes) / (levels.length - 1)) return undefined;
  const errorBytes = errorOf(gainBytes, bytes / samples);
  return { ...place, bytes, samples, gainBytes, errorBytes, share: Math.min(1, gainBytes / floorGain) };
}

/** What a place gains the floor gains too, over all the windows and in the last one: else as much goes elsewhere, as in a full cache. */
function isWithin(place: GrowingPlace, floorGain: number, lastFloorGain: number): boolean {
  const last = lastGain(place);
  const perSample = place.bytes / place.samples;
  return (
    place.share >= rule.minShare &&
    place.gainBytes - z * place.errorBytes <= rule.maxOverFloor * floorGain &&
    last - z * errorOf(last, perSample) <= rule.maxOverFloor * lastFloorGain
  );
}

const lastGain = ({ levels }: HeapPlace): number => (levels.at(-1) ?? 0) - (levels.at(-2) ?? 0);

function keptShare({ births }: HeapPlace): number {
  const settled = births.slice(0, -1);
  const born = settled.reduce((sum, { bornBytes }) => sum + bornBytes, 0);
  return born === 0 ? 0 : settled.reduce((sum, { keptBytes }) => sum + keptBytes, 0) / born;
}

/** Samples come by chance, as many as Poisson says; each stands for `perSample` bytes. */
const errorOf = (gainBytes: number, perSample: number): number => Math.sqrt(Math.max(0, gainBytes) * perSample);
