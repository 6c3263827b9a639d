/**
 * Requests that wait in a connection behind one that is not answered yet. Node reads no more from it once enough answers
 * wait, and so never hears that its client has left: behind a watch they would wait, and hold all that they have, for as
 * long as the watch lasts. No client that people use sends so; must never keep such a connection for long.
 */
import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/** Longer than any answer that ends by itself. */
const maxWaitMs = 75_000

export type Pipelines = {
  /** Notes a request, which is answered once its response has closed. */
  begin(socket: Duplex, response: ServerResponse): void
}

export function createPipelines(maxWait = maxWaitMs): Pipelines {
  const connections = new WeakMap<Duplex, { unanswered: number; timer: NodeJS.Timeout | undefined }>()
  return {
    begin(socket, response) {
      const connection = connections.get(socket) ?? { unanswered: 0, timer: undefined }
      connections.set(socket, connection)
      connection.unanswered++
      if (connection.unanswered > 1) connection.timer ??= setTimeout(() => socket.destroy(), maxWait).unref()
      response.on('close', () => {
        connection.unanswered--
        clearTimeout(connection.timer)
        connection.timer = connection.unanswered > 1 ? setTimeout(() => socket.destroy(), maxWait).unref() : undefined
      })
    },
  }
}
