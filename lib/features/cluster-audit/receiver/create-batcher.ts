/** Milliseconds between starts, while fewer items wait than fit into a batch. */
const everyMs = 100
const maxTogether = 4

type Waiting<Item> = { item: Item; resolve: () => void; reject: (error: unknown) => void }

/**
 * Batches items that arrive within a moment, one batch after the other: a transaction for each would cost Postgres and
 * all its other writers three times as much. An item after a pause is taken at once.
 * @param take makes a batch durable, or throws, which fails all its items
 * @returns a function that resolves once an item is durable
 */
export function createBatcher<Item>(take: (items: readonly Item[]) => Promise<void>, monotonic: () => number) {
  const waiting: Waiting<Item>[] = []
  let beganAt = Number.NEGATIVE_INFINITY
  let isTaking = false
  let timer: NodeJS.Timeout | undefined

  async function takeTogether(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    isTaking = true
    beganAt = monotonic()
    const together = waiting.splice(0, maxTogether)
    try {
      await take(together.map(({ item }) => item))
      for (const { resolve } of together) resolve()
    } catch (error) {
      for (const { reject } of together) reject(error)
    }
    isTaking = false
    takeIfDue()
  }

  function takeIfDue(): void {
    if (isTaking || waiting.length === 0) return
    const dueInMs = waiting.length >= maxTogether ? 0 : beganAt + everyMs - monotonic()
    if (dueInMs <= 0) void takeTogether()
    else timer ??= setTimeout(() => void takeTogether(), dueInMs)
  }

  return (item: Item): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      takeIfDue()
    })
}
