/**
 * @param ms how long a value counts
 * @param monotonic milliseconds, for tests
 * @returns a function that reads at most once in that time, however often it is called
 */
export function remember<T>(ms: number, read: () => Promise<T>, monotonic = () => performance.now()): () => Promise<T> {
  let last: { at: number; reading: Promise<T> } | undefined
  return () => {
    const now = monotonic()
    if (!last || now - last.at > ms) last = { at: now, reading: read() }
    return last.reading
  }
}
