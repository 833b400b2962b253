import { anthropicProvider } from './anthropic.mjs';
import { connectionsFor } from './connections.mjs';
import { openaiProvider } from './openai.mjs';

const create = { openai: openaiProvider, anthropic: anthropicProvider };

/** Which provider serves which model. One client each for the life of the process: they share its connections. */
export class Providers {
  #options;
  #dispatcher;
  #shared;

  constructor({ openai, anthropic, dispatcher }) {
    this.#options = { openai, anthropic };
    this.#dispatcher = dispatcher;
    this.#shared = {
      openai: openaiProvider({ ...openai, dispatcher }),
      anthropic: anthropicProvider({ ...anthropic, dispatcher }),
    };
  }

  get openai() {
    return this.#shared.openai;
  }

  get anthropic() {
    return this.#shared.anthropic;
  }

  /** Tenants may bring a key of their own: what they use then appears on their own bill. */
  forModel(model, ownKey) {
    const name = model.startsWith('claude-') ? 'anthropic' : 'openai';
    if (!ownKey) return this.#shared[name];
    return create[name]({ ...this.#options[name], apiKey: ownKey, dispatcher: connectionsFor(this.#dispatcher) });
  }
}
