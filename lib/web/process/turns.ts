/** Runs some work at a time, the rest in the order in which it came: a rush neither takes all connections nor is refused. */
export function createTurns(atOnce: number) {
  let running = 0
  const waiting: (() => void)[] = []
  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // Whoever waited takes over the place.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
