import type { ServerResponse } from 'node:http'
import { createReaderPatience } from './reader-patience.ts'
import { keep, type Piece } from './recycled-blocks.ts'
import type { Sent } from './upstream-pool.ts'

/** An answer up to this size that came in one piece leaves as one write with its length, without chunks. */
const maxAtOnce = 16 * 1024

/** `sized`: the fields hold the length of the body. */
export type ClientHead = { status: number; fields: string[]; sized: boolean }

export type AnswerWriter = {
  /** Status and header fields; they go out with the first piece of the body, or by `flush`. */
  head(head: ClientHead): void
  flush(): void
  /** Writes, and holds up the API server while the client is slow. */
  write(piece: Piece, sent: Sent | undefined): void
  /** Of an answer that ends by itself the last piece is held back: its outcome may have to be durable first. */
  hold(piece: Piece, sent: Sent | undefined): void
  /** Ends the answer with what is held back of it. */
  end(): void
  /** The client is waited for no longer, except for taking the end of its answer. */
  leave(): void
}

/**
 * @param monotonic milliseconds of a clock that never jumps
 * @param takeTurn called for each piece; what it returns is waited for
 */
export function createAnswerWriter(
  response: ServerResponse,
  monotonic: () => number,
  takeTurn: () => Promise<void> | undefined,
): AnswerWriter {
  let head: ClientHead | undefined
  let held: Piece | undefined
  let ended = false
  const patience = createReaderPatience(monotonic, () => response.destroy())

  function writeHead(): void {
    if (head) response.writeHead(head.status, head.fields)
    head = undefined
  }

  /** @returns whether the client keeps up */
  function pass(piece: Piece): boolean {
    // A little would hold up a whole block for as long as the client is slow.
    if (piece.bytes.length <= maxAtOnce) return response.write(keep(piece))
    return response.write(piece.bytes, () => piece.release())
  }

  function write(piece: Piece, sent: Sent | undefined): void {
    writeHead()
    const { length } = piece.bytes
    if (response.destroyed) piece.release()
    else if (!pass(piece)) {
      waitForClient(length, sent)
      return
    }
    patience.delivered(length)
    waitForTurn(sent)
  }

  function waitForClient(length: number, sent: Sent | undefined): void {
    sent?.pause()
    patience.wait()
    response.once('drain', () => {
      patience.done()
      patience.delivered(length)
      sent?.resume()
    })
  }

  function waitForTurn(sent: Sent | undefined): void {
    const turn = takeTurn()
    if (!turn) return
    sent?.pause()
    // Pieces that were on their way already may have filled the client up.
    const resume = () => response.writableNeedDrain || sent?.resume()
    turn.then(resume, resume)
  }

  /** Nothing else would end the wait for a client that never takes what has been written last. */
  function waitForEnd(): void {
    if (response.destroyed) return
    ended = true
    patience.wait()
    response.once('close', patience.done)
  }

  return {
    head(given) {
      head = given
    },
    flush() {
      writeHead()
      response.flushHeaders()
    },
    write,
    hold(piece, sent) {
      if (held) write(held, sent)
      held = piece
    },
    end() {
      const last = held
      held = undefined
      if (last && head && last.bytes.length <= maxAtOnce) {
        if (!head.sized) head.fields.push('Content-Length', String(last.bytes.length))
        writeHead()
        // Node sends a string together with the header, and a buffer after it. Latin-1 keeps every byte as it is.
        response.end(last.bytes.toString('latin1'), 'latin1')
        last.release()
        return
      }
      writeHead()
      if (last) pass(last)
      response.end()
      waitForEnd()
    },
    leave() {
      if (!ended) patience.done()
    },
  }
}
