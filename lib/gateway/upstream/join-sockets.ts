/**
 * Joins two sockets. Must never lose the last bytes of either side, or keep a socket after its other side has closed:
 * then the other gets the remaining bytes, is read to its end, and is destroyed after a while in any case.
 */
import type { Duplex } from 'node:stream'

const lingerMs = 5_000

export type ByteCounts = { toServer: number; toClient: number }

/**
 * @param client answers to it end with an orderly close, so that no data is lost
 * @param server its connection may break while an answer on it is still unread
 * @param takeTurn called for each piece; its promise is awaited
 * @returns counters that keep running while the sockets are joined
 */
export function joinSockets(
  client: Duplex,
  server: Duplex,
  takeTurn: () => Promise<void> | undefined,
): Readonly<ByteCounts> {
  const carried: ByteCounts = { toServer: 0, toClient: 0 }
  readOnAfterFailedWrite(server)
  carry(client, server, (bytes) => {
    carried.toServer += bytes
    return takeTurn()
  })
  carry(server, client, (bytes) => {
    carried.toClient += bytes
    return takeTurn()
  })
  client.on('end', () => destroyLater(server))
  client.on('close', () => server.destroy())
  server.on('end', () => destroyLater(server))
  server.on('close', () => endSocket(client))
  return carried
}

/**
 * Copies from one socket to another, no faster than the reader.
 * @param onPiece called with the size of each piece; its promise is awaited before the next
 */
function carry(from: Duplex, to: Duplex, onPiece: (bytes: number) => Promise<void> | undefined): void {
  let awaited = 0
  const resumeIfReady = () => {
    if (awaited === 0 && !to.writableNeedDrain) from.resume()
  }
  const onTurn = () => {
    awaited--
    resumeIfReady()
  }
  from.on('data', (chunk: Buffer) => {
    const turn = onPiece(chunk.length)
    if (turn) {
      awaited++
      turn.then(onTurn, onTurn)
    }
    if (to.writable) to.write(chunk, () => freeMemory(chunk))
    if (turn || to.writableNeedDrain) from.pause()
  })
  from.on('end', () => to.end())
  to.on('drain', resumeIfReady)
  from.resume()
}

/**
 * Frees the memory of a chunk after it was written. Each read allocates a block, and V8 would collect the whole heap to
 * free them: a third of the CPU time of `kubectl cp`. A chunk that shares its block stays.
 */
function freeMemory({ buffer, byteLength }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

/**
 * Ends a socket. Further input is read and dropped: otherwise the kernel would reset the connection, and the other end
 * could lose data.
 */
export function endSocket(socket: Duplex, last?: Buffer | string): void {
  if (!socket.writableEnded) socket.end(last)
  socket.resume()
  destroyLater(socket)
}

function destroyLater(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), lingerMs).unref()
  socket.once('close', () => clearTimeout(timer))
}

/**
 * An API server that answers before reading all input closes with a reset. Node destroys a socket at the first failed
 * write, together with the unread answer, so here a failed write ends only the writing.
 */
function readOnAfterFailedWrite(socket: Duplex): void {
  let failed = false
  const unlessFailed = (done: (error?: Error | null) => void) => (error?: Error | null) => {
    if (error && !failed) {
      failed = true
      destroyLater(socket)
    }
    done()
  }
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  socket._write = (chunk, encoding, done) => (failed ? done() : write(chunk, encoding, unlessFailed(done)))
  if (writev) socket._writev = (chunks, done) => (failed ? done() : writev(chunks, unlessFailed(done)))
}
