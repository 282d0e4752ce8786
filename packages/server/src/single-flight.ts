/** Runs one call per key at a time; whoever asks meanwhile gets the same answer. */
export class SingleFlight<T> {
  readonly #running = new Map<string, Promise<T>>();

  run(key: string, call: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running) return running;
    const promise = call().finally(() => this.#running.delete(key));
    this.#running.set(key, promise);
    return promise;
  }
}
