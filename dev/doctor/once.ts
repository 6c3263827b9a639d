/** @returns a function that works on its first call, and has the same outcome for all: checks of an area share an answer */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let outcome: Promise<T> | undefined
  return () => {
    outcome ??= work()
    return outcome
  }
}
