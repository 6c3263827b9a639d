/**
 * Waits for work until a deadline. Work that misses it continues, and its result is ignored.
 * @param ms how long to wait, in milliseconds
 * @param onMissed returns or throws the result after a missed deadline
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
