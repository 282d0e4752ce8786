/** An object with a member for each of these values. */
export function byValue<Value extends string, Bound>(values: readonly Value[], bind: (value: Value) => Bound) {
  return Object.fromEntries(values.map((value) => [value, bind(value)])) as Record<Value, Bound>;
}
