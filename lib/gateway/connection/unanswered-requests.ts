/**
 * The requests of each connection that have not been answered yet. Node accepts as many as arrive, from anyone, and
 * stops reading from a connection once their answers fill it up; then it never notices that the client has left:
 * requests behind a watch would wait, and keep everything they hold, for as long as the watch lasts. No real client
 * pipelines like this; must never keep such a connection for long, or with many requests.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Bag, type Placed } from './bag.ts'

/** Of one connection. */
const maxUnanswered = 32
/** Longer than any answer that ends by itself; a stream ends with its connection. */
export const maxAnswerMs = 75_000

export type UnansweredRequests = {
  /**
   * Notes a request; it counts as answered once its response has closed.
   * @returns false: the connection is closed, perhaps because this was one too many; drop the request
   */
  begin(response: ServerResponse): boolean
  /** @returns how many requests of a connection are waiting for their answers */
  count(socket: Duplex): number
  /** @returns the responses that a connection still waits for, in the order of their requests */
  of(socket: Duplex): Iterable<ServerResponse>
  /** @returns the responses that all connections wait for */
  all(): Iterable<ServerResponse>
  /** @returns the connections whose requests have all been answered, to the last byte */
  idle(): Iterable<Duplex>
}

/** `unanswered`: in the order of their requests. */
type Connection = Placed & { socket: Duplex; unanswered: ServerResponse[]; timer: NodeJS.Timeout | undefined }

/**
 * @param onTooMany called for each connection that is closed for having too many
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
        // Answers keep their order, so none could follow; Node would hold what was written for as long as a watch in front.
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
