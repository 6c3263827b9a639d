/** What changed about access since the last call, whether or not a notice of it arrived. */

/** How often everything is read again regardless: the safety net below the safety net. */
const fullEveryMs = 30_000

type Options = {
  /** Reads from Postgres; `since` is the snapshot it last returned. */
  read: (since: string | null) => Promise<{ snapshot: string; subjects: readonly string[] }>
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
}

/**
 * @returns a function that returns the subjects changed since its last call, or `all` when that can't be known: at
 *   first, after a failure, and every half minute. It throws what `read` throws.
 */
export function createAccessChanges({ read, monotonic }: Options): () => Promise<readonly string[] | 'all'> {
  let last: { snapshot: string; fullAt: number } | undefined

  return async () => {
    const asked = last
    last = undefined
    const { snapshot, subjects } = await read(asked?.snapshot ?? null)
    const isFull = asked === undefined || monotonic() - asked.fullAt >= fullEveryMs
    last = { snapshot, fullAt: isFull ? monotonic() : asked.fullAt }
    return isFull ? 'all' : subjects
  }
}
