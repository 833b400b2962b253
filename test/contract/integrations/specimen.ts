import type { Integration } from '../../../src/index.ts';

/** What the contract asks of each integration: its library at work, as an app works with it. */
export interface Specimen {
  /** With the version, where there are several. */
  readonly name: string;
  /** The folder in `integrations/`. */
  readonly folder: string;
  integration(): Integration;
  /** The objects of the library that an integration may patch. */
  readonly places: readonly object[];
  /** The library at work: all that an app can see of it, results, errors and their order. */
  life(): Promise<readonly unknown[]>;
  /** A thing that is followed once the integration is attached, in use and without an end. */
  thing(): object;
  /** What is handed in by mistake. */
  readonly mistakes: readonly (() => Integration)[];
}
