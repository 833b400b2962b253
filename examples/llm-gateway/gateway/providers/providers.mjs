import { anthropicProvider } from './anthropic.mjs';
import { openaiProvider } from './openai.mjs';
import { connectionsFor } from './connections.mjs';

/** Which provider serves which model. One client each for the life of the process: they share its connections. */
export class Providers {
  #openai;
  #anthropic;
  #openaiOptions;

  constructor({ openai, anthropic, dispatcher }) {
    this.#openaiOptions = { ...openai, dispatcher };
    this.#openai = openaiProvider(this.#openaiOptions);
    this.#anthropic = anthropicProvider({ ...anthropic, dispatcher });
  }

  get anthropic() {
    return this.#anthropic;
  }

  forModel(model) {
    return model.startsWith('claude-') ? this.#anthropic : this.#openai;
  }

  /** For tenants who bring a key of their own: their tokens appear on their own bill. */
  openaiWithKey(apiKey) {
    if (!apiKey) return this.#openai;
    const { dispatcher, ...options } = this.#openaiOptions;
    return openaiProvider({ ...options, apiKey, dispatcher: connectionsFor(dispatcher) });
  }
}
