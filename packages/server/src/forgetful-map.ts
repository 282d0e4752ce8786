/**
 * A map that forgets everything before it would hold more than so many. For what can be had again and mostly is the same:
 * to keep an order of use would be work for each look-up.
 */
export class ForgetfulMap<Key, Value> extends Map<Key, Value> {
  readonly #most: number;

  constructor(most: number) {
    super();
    this.#most = most;
  }

  override set(key: Key, value: Value): this {
    if (this.size >= this.#most) this.clear();
    return super.set(key, value);
  }
}
