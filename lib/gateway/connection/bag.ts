export type BagItem = {
  /** Written only by its bag; -1: in no bag. */
  place: number
}

/**
 * An unordered collection for short-lived objects, like requests. A Set replaces its table every few dozen additions;
 * the old table keeps its elements and refers to the next one. Once one of them is in V8's old generation, every
 * element that was ever in the Set survives until the next full collection. A bag retains nothing.
 */
export class Bag<T extends BagItem> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  /** @param item must be in no other bag; adding it twice does nothing */
  add(item: T): void {
    if (this.has(item)) return
    item.place = this.#items.length
    this.#items.push(item)
  }

  has(item: T): boolean {
    return this.#items[item.place] === item
  }

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

  /** @returns a copy */
  all(): T[] {
    return [...this.#items]
  }
}
