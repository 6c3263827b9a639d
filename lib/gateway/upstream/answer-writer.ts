import type { ServerResponse } from 'node:http'
import { createReaderPatience } from './reader-patience.ts'

/** An answer up to this size that came in one piece leaves as one write with its length, without chunks. */
const maxAtOnce = 16 * 1024

/** A request that is under way upstream. */
export type Sent = {
  /** Holds up the API server. A little may still come. */
  pause(): void
  resume(): void
  abort(reason: Error): void
}

/** `sized`: the fields hold the length of the body. */
export type AnswerHead = { status: number; fields: string[]; sized: boolean }

export type AnswerWriter = {
  /** Status and header fields; they go out with the first piece of the body, or by `flush`. */
  head(head: AnswerHead): void
  flush(): void
  /** Writes, and holds up the API server while the client is slow. */
  write(chunk: Buffer, sent: Sent | undefined): void
  /** Of an answer that ends by itself the last piece is held back: its outcome may have to be durable first. */
  hold(chunk: Buffer, sent: Sent | undefined): void
  /** Ends the answer with what is held back of it. */
  end(): void
  /** The client is waited for no longer. */
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
  let head: AnswerHead | undefined
  let held: Buffer | undefined
  const patience = createReaderPatience(monotonic, () => response.destroy())

  function writeHead(): void {
    if (head) response.writeHead(head.status, head.fields)
    head = undefined
  }

  function write(chunk: Buffer, sent: Sent | undefined): void {
    writeHead()
    if (response.destroyed || response.write(chunk)) {
      patience.delivered(chunk.length)
      return void waitForTurn(sent)
    }
    sent?.pause()
    patience.wait()
    response.once('drain', () => {
      patience.done()
      patience.delivered(chunk.length)
      sent?.resume()
    })
  }

  function waitForTurn(sent: Sent | undefined): void {
    const turn = takeTurn()
    if (!turn) return
    sent?.pause()
    const resume = () => sent?.resume()
    turn.then(resume, resume)
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
    hold(chunk, sent) {
      if (held) write(held, sent)
      held = chunk
    },
    end() {
      if (held && head && held.length <= maxAtOnce) {
        if (!head.sized) head.fields.push('Content-Length', String(held.length))
        writeHead()
        // Node sends a string together with the header, and a buffer after it. Latin-1 keeps every byte as it is.
        response.end(held.toString('latin1'), 'latin1')
      } else {
        writeHead()
        if (held) response.end(held)
        else response.end()
      }
      held = undefined
    },
    leave: patience.done,
  }
}
