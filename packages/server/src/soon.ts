/**
 * Something that is mostly at hand, and has to be waited for only sometimes. `await` takes both. Where a pull passes, a
 * promise for what is there already would cost more than finding it.
 */
export type Soon<T> = T | Promise<T>;

/** Goes on at once with what is at hand, and otherwise as soon as it is there. */
export function andThen<T, Result>(value: Soon<T>, go: (value: T) => Soon<Result>): Soon<Result> {
  return value instanceof Promise ? value.then(go) : go(value);
}
