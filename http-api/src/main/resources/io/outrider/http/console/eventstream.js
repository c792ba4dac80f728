// Server-sent events read with fetch, for EventSource sends no token. As much of EventSource as the feed uses.
import { headers } from './token.js';

export class EventStream extends EventTarget {
  static CLOSED = 2;

  readyState = 0;
  #url;
  #lastId = '';
  #retryMs = 2000;
  #abort = new AbortController();

  constructor(url) {
    super();
    this.#url = url;
    this.#run();
  }

  close() {
    this.readyState = EventStream.CLOSED;
    this.#abort.abort();
  }

  async #run() {
    while (this.readyState !== EventStream.CLOSED) {
      try {
        const resume = this.#lastId ? { 'Last-Event-ID': this.#lastId } : {};
        const response = await fetch(this.#url, {
          headers: { Accept: 'text/event-stream', ...headers(), ...resume },
          cache: 'no-store',
          signal: this.#abort.signal,
        });
        if (response.ok) {
          this.readyState = 1;
          this.dispatchEvent(new Event('open'));
          await this.#read(response.body);
        } else if (response.status < 500) {
          this.readyState = EventStream.CLOSED; // asking again would be refused again
        }
      } catch {
        // away; tried again below
      }
      if (this.readyState !== EventStream.CLOSED) this.readyState = 0;
      this.dispatchEvent(new Event('error'));
      if (this.readyState !== EventStream.CLOSED) await new Promise((resolve) => setTimeout(resolve, this.#retryMs));
    }
  }

  async #read(body) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) this.#dispatch(block);
    }
  }

  #dispatch(block) {
    const fields = {};
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
    }
    if (fields.id) this.#lastId = fields.id;
    if (/^\d+$/.test(fields.retry)) this.#retryMs = Number(fields.retry);
    if (fields.data) this.dispatchEvent(new MessageEvent(fields.event ?? 'message', { data: fields.data }));
  }
}
