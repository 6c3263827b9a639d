/**
 * The requests of each connection that have not been answered yet. Node takes in as many as come, whoever sends them, and
 * reads no more from a connection once their answers fill it up; then it never hears that its client has left: behind a
 * watch they would wait, and hold all that they have, for as long as the watch lasts. No client that people use sends so;
 * must never keep such a connection for long, nor with many of them.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Of one connection. */
const maxUnanswered = 32
/** Longer than any answer that ends by itself; a stream's ends with its connection. */
export const maxAnswerMs = 75_000

export type UnansweredRequests = {
  /**
   * Notes a request, which is answered once its response has closed.
   * @returns false: its connection has ended, now that there are too many; nothing is to be done for it
   */
  begin(response: ServerResponse): boolean
  /** @returns how many requests of a connection wait for their answers */
  count(socket: Duplex): number
  /** @returns the responses that a connection still waits for, in the order of their requests */
  of(socket: Duplex): Iterable<ServerResponse>
}

type Connection = { unanswered: Set<ServerResponse>; timer: NodeJS.Timeout | undefined }

/**
 * @param onTooMany told of each connection that is ended because there are too many
 * @param maxWait for so many milliseconds requests may wait behind the one before them
 */
export function createUnansweredRequests(
  onTooMany: (socket: Duplex) => void,
  maxWait = maxAnswerMs,
): UnansweredRequests {
  const connections = new WeakMap<Duplex, Connection>()

  function connectionOf(socket: Duplex): Connection {
    const known = connections.get(socket)
    if (known) return known
    const connection: Connection = { unanswered: new Set(), timer: undefined }
    connections.set(socket, connection)
    return connection
  }

  return {
    begin(response) {
      const { socket } = response.req
      if (socket.destroyed) return false
      const connection = connectionOf(socket)
      const { unanswered } = connection
      const endLater = () => setTimeout(() => socket.destroy(), maxWait).unref()
      if (unanswered.size >= maxUnanswered) {
        onTooMany(socket)
        socket.destroy()
        return false
      }
      unanswered.add(response)
      if (unanswered.size > 1) connection.timer ??= endLater()
      response.on('close', () => {
        unanswered.delete(response)
        clearTimeout(connection.timer)
        connection.timer = unanswered.size > 1 ? endLater() : undefined
      })
      return true
    },
    count: (socket) => connections.get(socket)?.unanswered.size ?? 0,
    of: (socket) => connections.get(socket)?.unanswered ?? [],
  }
}
