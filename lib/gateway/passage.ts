import type { Duplex } from 'node:stream'
import type { Exchange, Known } from './exchange.ts'

/** One request on its way through the steps: what is known of it so far, and what it holds until it is over. */
export class Passage {
  known: Known
  /** The intent that the trail has of it, from when it has one. */
  intentId: string | undefined
  hadTurn = false
  #held: (() => void)[] = []

  constructor(exchange: Exchange) {
    this.known = { exchange }
  }

  /** @param release called once the request is over */
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
