/**
 * Decides which client connections to keep. Must never let one address take all of them, or keep an idle one without a
 * valid credential.
 */
import type { Duplex } from 'node:stream'
import { createCounts } from '#lib/kernel/limits/counts.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'
import type { FairShare } from './fair-share.ts'

const maxTogether = 20_000
/** Reserved for addresses without a connection. */
const reservedShare = 1 / 4

type ClientSocket = Duplex & { remoteAddress?: string | undefined }

export type ClientConnections = {
  /** Counts and begins a connection, delayed if others are waiting; closes it if there are too many. */
  admit(socket: ClientSocket, begin: () => void): void
  /** Marks a connection on which a person presented a valid credential. */
  trust(socket: ClientSocket, personId: string): void
  isTrusted(socket: Duplex): boolean
  count(): number
}

/**
 * @param maxOfSource connections per address (per /64 for IPv6); 0: only the total is limited
 * @param share limits the connections that one address begins per second while the process is busy
 * @param onRefused called for each refused connection
 */
export function createClientConnections(
  maxOfSource: number,
  share: Pick<FairShare, 'takeConnection' | 'proveConnection'>,
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
    trust(socket, personId) {
      if (trusted.has(socket)) return
      trusted.add(socket)
      share.proveConnection(sourceKey(socket.remoteAddress ?? 'unknown'), personId)
    },
    isTrusted: (socket) => trusted.has(socket),
    count: () => total,
  }
}
