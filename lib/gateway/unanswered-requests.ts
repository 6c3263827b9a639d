/**
 * The requests of each connection that have not been answered yet. Node reads no more from a connection once enough of them
 * wait, and so never hears that its client has left: behind a watch they would wait, and hold all that they have, for as
 * long as the watch lasts. No client that people use sends so; must never keep such a connection for long.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Longer than any answer that ends by itself; a stream's ends with its connection. */
export const longestAnswerMs = 75_000

export type UnansweredRequests = {
  /** Notes a request, which is answered once its response has closed. */
  begin(response: ServerResponse): void
  /** @returns the responses that a connection still waits for, in the order of their requests */
  of(socket: Duplex): Iterable<ServerResponse>
}

type Connection = { unanswered: Set<ServerResponse>; timer: NodeJS.Timeout | undefined }

/** @param maxWait for so many milliseconds requests may wait behind the one before them */
export function createUnansweredRequests(maxWait = longestAnswerMs): UnansweredRequests {
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
      const connection = connectionOf(socket)
      const { unanswered } = connection
      const endLater = () => setTimeout(() => socket.destroy(), maxWait).unref()
      unanswered.add(response)
      if (unanswered.size > 1) connection.timer ??= endLater()
      response.on('close', () => {
        unanswered.delete(response)
        clearTimeout(connection.timer)
        connection.timer = unanswered.size > 1 ? endLater() : undefined
      })
    },
    of: (socket) => connections.get(socket)?.unanswered ?? [],
  }
}
