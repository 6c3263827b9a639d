/**
 * Joins two sockets. Must never lose the last bytes of either side, or keep a socket whose other side is gone: once one
 * has closed, the other gets the remaining bytes, is read to its end, and is destroyed after a while in any case.
 */
import type { Duplex } from 'node:stream'

/** How long a side may take to close after it got the last byte. */
const lingerMs = 5_000

/** How many bytes went each way so far. */
export type Carried = { toServer: number; toClient: number }

/**
 * @param client answers to it end with an orderly close, so that nothing already sent is lost on the way
 * @param server its connection may break while an answer in it is still unread
 * @param takeTurn called for each piece; its promise is awaited
 * @returns counters that keep running while the sockets are joined
 */
export function joinSockets(
  client: Duplex,
  server: Duplex,
  takeTurn: () => Promise<void> | undefined,
): Readonly<Carried> {
  const carried: Carried = { toServer: 0, toClient: 0 }
  client.on('data', (chunk: Buffer) => {
    carried.toServer += chunk.length
    waitForTurn(client, server)
  })
  server.on('data', (chunk: Buffer) => {
    carried.toClient += chunk.length
    waitForTurn(server, client)
  })
  function waitForTurn(from: Duplex, to: Duplex): void {
    const turn = takeTurn()
    if (!turn) return
    from.pause()
    // If the other side's buffer is full, the pipe resumes by itself once it drains.
    const resume = () => to.writableNeedDrain || from.resume()
    turn.then(resume, resume)
  }

  readOnAfterFailedWrite(server, () => client.unpipe(server).resume())
  client.pipe(server)
  server.pipe(client)
  client.on('end', () => destroyLater(server))
  client.on('close', () => server.destroy())
  server.on('end', () => destroyLater(server))
  server.on('close', () => letGo(client))
  return carried
}

/**
 * Ends a socket. What it still sends is read and dropped: closing with unread input would make the kernel reset the
 * connection, and the other end could lose what it was sent.
 */
export function letGo(socket: Duplex, last?: Buffer | string): void {
  if (!socket.writableEnded) socket.end(last)
  socket.resume()
  destroyLater(socket)
}

function destroyLater(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.once('close', () => clearTimeout(timer))
}

/**
 * An API server that answers before it has read all input closes with a reset. Node destroys a socket at the first
 * failed write, together with the unread answer in it. So a failed write ends only the writing; reading ends by itself,
 * after the last byte from the other end.
 */
function readOnAfterFailedWrite(socket: Duplex, onFailure: () => void): void {
  let failed = false
  const unlessFailed = (done: (error?: Error | null) => void) => (error?: Error | null) => {
    if (error && !failed) {
      failed = true
      onFailure()
      destroyLater(socket)
    }
    done()
  }
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, done) => (failed ? done() : write(chunk, encoding, unlessFailed(done)))
  if (writev) socket._writev = (chunks, done) => (failed ? done() : writev(chunks, unlessFailed(done)))
}
