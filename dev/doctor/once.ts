/** @returns a function that runs once and returns the same result to all callers, for checks that share an answer */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let outcome: Promise<T> | undefined
  return () => {
    outcome ??= work()
    return outcome
  }
}
