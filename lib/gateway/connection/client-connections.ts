/**
 * Which connections of clients are kept. Must never let one address take all of them, nor keep an idle one for somebody
 * who has shown no good credential on it.
 */
import type { Duplex } from 'node:stream'
import { createCounts } from '#lib/domain/counts.ts'
import { sourceKey } from '#lib/domain/source-key.ts'
import type { FairShare } from './fair-share.ts'

const maxTogether = 20_000
/** So much of them is for addresses that have none yet. */
const reservedShare = 1 / 4

type ClientSocket = Duplex & { remoteAddress?: string | undefined }

export type ClientConnections = {
  /** Counts a new connection and begins it, after a while where others want turns; where there are too many it is ended. */
  admit(socket: ClientSocket, begin: () => void): void
  /** A good credential came by it. */
  trust(socket: Duplex): void
  isTrusted(socket: Duplex): boolean
  count(): number
}

/**
 * @param maxOfSource connections of one address (of one /64 for IPv6); 0: only all together are bounded
 * @param share bounds how many a second one address begins while the process is busy
 * @param onRefused told of each that was ended at once
 */
export function createClientConnections(
  maxOfSource: number,
  share: Pick<FairShare, 'takeConnection'>,
  onRefused: () => void,
): ClientConnections {
  const ofSource = createCounts()
  const trusted = new WeakSet<Duplex>()
  let total = 0
  return {
    admit(socket, begin) {
      const source = sourceKey(socket.remoteAddress ?? 'unknown')
      const own = ofSource.of(source)
      const tooMany = maxOfSource > 0 && own >= maxOfSource
      if (tooMany || total >= (own === 0 ? maxTogether : maxTogether * (1 - reservedShare))) {
        onRefused()
        return void socket.destroy()
      }
      total++
      ofSource.add(source, 1)
      socket.once('close', () => {
        total--
        ofSource.add(source, -1)
      })
      const turn = maxOfSource > 0 ? share.takeConnection(source) : undefined
      if (!turn) return begin()
      socket.on('error', () => socket.destroy())
      turn.then(
        () => socket.destroyed || begin(),
        () => {
          onRefused()
          socket.destroy()
        },
      )
    },
    trust: (socket) => void trusted.add(socket),
    isTrusted: (socket) => trusted.has(socket),
    count: () => total,
  }
}
