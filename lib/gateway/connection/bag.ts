export type Placed = {
  /** Only its bag writes this; -1: it is in none. */
  place: number
}

/**
 * An unordered collection of objects that come and go all the time, like requests. A Set replaces its table every few
 * dozen additions. The old table keeps its elements and refers to the next one, so once one of them is in V8's old
 * generation, every element that was ever in the Set survives until the next full collection. A bag leaves nothing behind.
 */
export class Bag<T extends Placed> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  /** @param item in no other bag; nothing happens if it is in this one */
  add(item: T): void {
    if (this.has(item)) return
    item.place = this.#items.length
    this.#items.push(item)
  }

  has(item: T): boolean {
    return this.#items[item.place] === item
  }

  /** @returns whether it was here */
  remove(item: T): boolean {
    if (!this.has(item)) return false
    const last = this.#items.pop()
    if (last && last !== item) {
      this.#items[item.place] = last
      last.place = item.place
    }
    item.place = -1
    return true
  }

  /** @returns a copy, which stays the same when items are added or removed */
  all(): T[] {
    return [...this.#items]
  }
}
