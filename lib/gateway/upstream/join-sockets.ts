/**
 * Two sockets become one. Must never lose what one side said last, and must never keep a socket whose other side is gone:
 * once one has closed, the other gets what is still to come, is read to its end, and is destroyed after a while in any
 * case.
 */
import type { Duplex } from 'node:stream'

/** How long a side that has heard the last byte may take to close. */
const lingerMs = 5_000

/** How many bytes went each way so far. */
export type Carried = { toServer: number; toClient: number }

/**
 * @param client answers to it end with an orderly close, so that nothing already sent is thrown away on its way
 * @param server its connection may break while it still holds an answer that we have not read
 * @param takeTurn called for each piece; what it returns is waited for
 * @returns counts on while they are joined
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
    // A side that is full reads on by itself, once the other has taken what it has.
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
 * Says goodbye to a socket. What it still sends is read and dropped: closing with unread input would make the kernel reset
 * the connection, and the other end lose what it was sent.
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
 * An API server that has answered before it read all input closes with a reset. Node destroys a socket at the first write
 * that fails, together with the answer that lies unread in it. So a failed write ends the writing alone; reading ends by
 * itself, at what the other end sent last.
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
