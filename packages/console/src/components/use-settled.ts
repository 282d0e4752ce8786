import { useEffect, useState } from 'react';

/** A value once it has stopped changing, for what is asked of the server: one request for a word, not for each letter. */
export function useSettled<Value>(value: Value, pauseMilliseconds = 250): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMilliseconds);
    return () => clearTimeout(timer);
  }, [value, pauseMilliseconds]);
  return settled;
}
