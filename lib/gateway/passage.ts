import type { Duplex } from 'node:stream'
import type { NotedRead } from '#lib/gateway/trail/recorded-reads.ts'
import type { Exchange, Known } from './exchange.ts'

/** One request on its way through the steps: what is known about it so far, and what it holds until it ends. */
export class Passage {
  known: Known
  /** Its intent in the trail, once it has been written. */
  intentId: string | undefined
  /** What the trail says of a read, once it does. */
  read: NotedRead | undefined
  hadTurn = false
  #held: (() => void)[] = []

  constructor(exchange: Exchange) {
    this.known = { exchange }
  }

  /** @param release called once the request has ended */
  hold(release: () => void): void {
    this.#held.push(release)
  }

  /** Keeps what is held until the socket closes. */
  holdUntilClosed(socket: Duplex): void {
    if (socket.destroyed) return
    const held = this.#held
    this.#held = []
    socket.once('close', () => {
      for (const release of held) release()
    })
  }

  end(): void {
    for (const release of this.#held) release()
  }
}
