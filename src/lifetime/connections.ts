/** The connections of one client at one look; running totals where something counts them. */
export interface Connections {
  readonly open: number;
  /** Of the open, those that wait for a next use. */
  readonly idle: number;
  /** How many it may have; `undefined` where it says nothing of that. */
  readonly limit: number | undefined;
  /** How many it may have to each host. */
  readonly limitPerHost?: number | undefined;
  /** Whether it means to use a connection again. */
  readonly keepsAlive: boolean;
  /** Requests that went through it so far, and connections that were made for one. */
  readonly requests: number;
  readonly made: number;
}
