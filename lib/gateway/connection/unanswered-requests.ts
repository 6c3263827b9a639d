/**
 * The unanswered requests of each connection. Node accepts any number of them, and once their answers fill up a
 * connection, it no longer notices that the client has left. Requests queued behind a watch would keep their resources
 * as long as the watch lasts. No real client pipelines like this, so such a connection must never stay open for long,
 * or with many requests.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Bag, type BagItem } from './bag.ts'

/** Per connection. */
const maxUnanswered = 32
/** Longer than any finite answer takes; a stream ends with its connection. */
export const maxAnswerMs = 75_000

export type UnansweredRequests = {
  /**
   * Adds a request; it counts as answered once its response has closed.
   * @returns false: the connection is closed, perhaps because of this request; drop it
   */
  begin(response: ServerResponse): boolean
  count(socket: Duplex): number
  /** In the order of their requests. */
  of(socket: Duplex): Iterable<ServerResponse>
  all(): Iterable<ServerResponse>
  /** @returns connections with all requests answered, to the last byte */
  idle(): Iterable<Duplex>
}

type Connection = BagItem & { socket: Duplex; unanswered: ServerResponse[]; timer: NodeJS.Timeout | undefined }

/**
 * @param onTooMany called for each connection closed for having too many
 * @param maxWaitMs how long requests may wait behind the one before them
 */
export function createUnansweredRequests(onTooMany: (socket: Duplex) => void, maxWaitMs: number): UnansweredRequests {
  const ofSocket = new WeakMap<Duplex, Connection>()
  const connections = new Bag<Connection>()

  function connectionOf(socket: Duplex): Connection {
    const known = ofSocket.get(socket)
    if (known) return known
    const connection: Connection = { place: -1, socket, unanswered: [], timer: undefined }
    ofSocket.set(socket, connection)
    connections.add(connection)
    socket.once('close', () => connections.remove(connection))
    return connection
  }

  return {
    begin(response) {
      const { socket } = response.req
      if (socket.destroyed) return false
      const connection = connectionOf(socket)
      const { unanswered } = connection
      const endLater = () => setTimeout(() => socket.destroy(), maxWaitMs).unref()
      if (unanswered.length >= maxUnanswered) {
        onTooMany(socket)
        socket.destroy()
        return false
      }
      unanswered.push(response)
      if (unanswered.length > 1) connection.timer ??= endLater()
      response.on('close', () => {
        const at = unanswered.indexOf(response)
        if (at >= 0) unanswered.splice(at, 1)
        clearTimeout(connection.timer)
        connection.timer = unanswered.length > 1 ? endLater() : undefined
        // Answers keep their order, so no later one could follow. Node would hold their data as long as a watch in
        // front lasts.
        if (!response.writableFinished) socket.destroy()
      })
      return true
    },
    count: (socket) => ofSocket.get(socket)?.unanswered.length ?? 0,
    of: (socket) => [...(ofSocket.get(socket)?.unanswered ?? [])],
    all: () => connections.all().flatMap(({ unanswered }) => unanswered),
    idle: () => connections.all().flatMap(({ socket, unanswered }) => (unanswered.length === 0 ? [socket] : [])),
  }
}
