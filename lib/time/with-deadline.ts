/**
 * Waits for work, but not for ever. Work that misses the deadline continues, and nobody hears how it ends.
 * @param ms how long to wait, in milliseconds
 * @param onMissed its result, or what it throws, takes the place of the work's
 */
export async function withDeadline<T, M>(work: Promise<T>, ms: number, onMissed: () => M): Promise<T | M> {
  const deadline = Promise.withResolvers<typeof missed>()
  const timer = setTimeout(deadline.resolve, ms, missed)
  try {
    const first = await Promise.race([work, deadline.promise])
    return first === missed ? onMissed() : first
  } finally {
    clearTimeout(timer)
  }
}

const missed = Symbol('missed')
