import { DatabaseSync } from 'node:sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS usage (
    at TEXT NOT NULL, tenant TEXT NOT NULL, model TEXT NOT NULL,
    input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, cost_microdollars INTEGER NOT NULL
  ) STRICT`;

/** What every tenant used, in SQLite. */
export class Ledger {
  #database;
  #insert;
  #totals;

  constructor(file) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    this.#database.exec(schema);
    this.#insert = this.#database.prepare('INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?)');
    this.#totals = this.#database.prepare(
      `SELECT model, count(*) AS requests, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
              sum(cost_microdollars) AS costMicrodollars
         FROM usage WHERE tenant = ? GROUP BY model`,
    );
  }

  insertAll(records) {
    this.#database.exec('BEGIN');
    try {
      for (const { at, tenant, model, inputTokens, outputTokens, cost } of records) {
        this.#insert.run(at, tenant, model, inputTokens, outputTokens, cost);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  totalsOf(tenant) {
    return this.#totals.all(tenant);
  }

  close() {
    this.#database.close();
  }
}
