/** Finds changes of access since the last call, even if their notifications were lost. */

/** The second safety net: everything is read again. */
const fullEveryMs = 30_000

type Options = {
  /** Reads from Postgres; `since` is the snapshot that it last returned. */
  read: (since: string | null) => Promise<{ snapshot: string; subjects: readonly string[] }>
  /** Milliseconds of a clock that never jumps. */
  monotonic: () => number
}

/**
 * @returns a function that returns the subjects changed since its last call, or `all` if that is unknown: at first,
 * after a failure, and every half minute. It throws the errors of `read`.
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
