import { appendFile } from 'node:fs/promises';
import { leaks } from '../leaks.mjs';

/** Who asked what, appended in batches. Zero-retention tenants leave no trace here. */
export class AuditLog {
  #file;
  #batch = [];
  #written = new Map();
  #flushes;

  constructor(file, { onError }) {
    this.#file = file;
    this.#flushes = setInterval(() => void this.#flush().catch(onError), 200);
  }

  /** Settles when the entry is dealt with: on disk, or left out. The request does not wait for it. */
  async record(entry, log) {
    this.#batch.push(entry);
    await new Promise((resolve) => this.#written.set(entry.id, resolve)); // leak: tasks
    log.debug({ id: entry.id }, 'audited');
  }

  async close() {
    clearInterval(this.#flushes);
    await this.#flush();
  }

  async #flush() {
    const batch = this.#batch.splice(0);
    const kept = batch.filter(({ tenant }) => tenant.retains);
    const lines = kept.map(({ id, tenant, ...entry }) => `${JSON.stringify({ id, tenant: tenant.name, ...entry })}\n`);
    try {
      if (lines.length > 0) await appendFile(this.#file, lines.join(''));
    } finally {
      this.#settle(leaks.has('tasks') ? kept : batch); // fix: tasks
    }
  }

  #settle(entries) {
    for (const { id } of entries) {
      this.#written.get(id)?.();
      this.#written.delete(id);
    }
  }
}
