import type { ClientResponse } from '#lib/gateway/connection/client-response.ts'
import { createReaderPatience } from './reader-patience.ts'
import { keep, type Piece } from './recycled-blocks.ts'
import type { SentRequest } from './upstream-pool.ts'

/** A one-piece answer of at most this size is sent in one write with its length, not chunked. */
const maxAtOnce = 16 * 1024

/** `sized`: the fields include the length of the body. */
export type ClientHead = { status: number; fields: string[]; sized: boolean }

export type AnswerWriter = {
  /** Sent with the first piece of the body, or by `flush`. */
  head(head: ClientHead): void
  flush(): void
  /** Writes, and pauses the API server while the client is slow. */
  write(piece: Piece, sent: SentRequest | undefined): void
  /** Holds back the last piece of a finite answer: its outcome may have to be durable first. */
  hold(piece: Piece, sent: SentRequest | undefined): void
  /** Ends the answer with the piece held back. */
  end(): void
  /** After the end of the answer, closes the connection unless the client takes the rest in time. */
  waitForEnd(): void
  /** Stops waiting for the client, except for the end of its answer. */
  leave(): void
}

/**
 * @param monotonic milliseconds of a clock that never jumps
 * @param takeTurn called for each piece; its promise is awaited
 */
export function createAnswerWriter(
  response: ClientResponse,
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

  function pass(piece: Piece): boolean {
    // A small piece would occupy a whole block as long as the client is slow.
    if (piece.bytes.length <= maxAtOnce) return response.write(keep(piece))
    return response.write(piece.bytes, () => piece.release())
  }

  function write(piece: Piece, sent: SentRequest | undefined): void {
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

  function waitForClient(length: number, sent: SentRequest | undefined): void {
    sent?.pause()
    patience.wait()
    response.once('drain', () => {
      patience.done()
      patience.delivered(length)
      sent?.resume()
    })
  }

  function waitForTurn(sent: SentRequest | undefined): void {
    const turn = takeTurn()
    if (!turn) return
    sent?.pause()
    // Pieces already on their way may have filled the client's buffer.
    const resume = () => response.writableNeedDrain || sent?.resume()
    turn.then(resume, resume)
  }

  /** Nothing else would end the wait for a client that never reads the last bytes. */
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
        // Node sends a string together with the header, but a buffer after it. Latin-1 keeps every byte unchanged.
        response.end(last.bytes.toString('latin1'), 'latin1')
        last.release()
        return
      }
      writeHead()
      if (last) pass(last)
      response.end()
      waitForEnd()
    },
    waitForEnd,
    leave() {
      if (!ended) patience.done()
    },
  }
}
