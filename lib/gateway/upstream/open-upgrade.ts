/**
 * Asks an API server to switch protocols, on a separate connection. Must never hand over a socket before the API server
 * has agreed, or lose the bytes it sent right after that.
 */
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { type AnswerHead, AnswerReader, MalformedAnswer } from './parse-answer.ts'
import { UpstreamError, type UpstreamFault } from './upstream-error.ts'

export type UpgradeAnswer = {
  head: AnswerHead
  /** The body of a refusal, as far as it fits. */
  body: Buffer
  /** Carries the new protocol; undefined: the upgrade was refused. */
  socket: Duplex | undefined
  rest: Buffer
}

/**
 * @param connection returns the TLS options; called again once connected, because trust may have been removed
 * @param request the method, and the head from `renderRequest`
 * @param maxBytes how much of a refusal's body to keep
 * @throws (from the promise) UpstreamError
 */
export function openUpgrade(
  connection: () => tls.ConnectionOptions,
  request: { method: string; head: string },
  { withinMs, maxBytes }: { withinMs: number; maxBytes: number },
): Promise<UpgradeAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<UpgradeAnswer>()
  const options = connection()
  const socket = tls.connect(options)
  const chunks: Buffer[] = []
  let size = 0
  let head: AnswerHead | undefined
  let connected = false

  const reader = new AnswerReader({
    onHead(given) {
      head = given
    },
    onBody(bytes, from, to) {
      if (size < maxBytes) chunks.push(Buffer.from(bytes.subarray(from, Math.min(to, from + maxBytes - size))))
      size += to - from
    },
  })

  function finish(upgraded: Duplex | undefined, rest: Buffer): void {
    if (!head) return
    release()
    if (!upgraded) socket.destroy()
    resolve({ head, body: Buffer.concat(chunks), socket: upgraded, rest })
  }

  function fail(fault: UpstreamFault, cause?: unknown): void {
    release()
    socket.destroy()
    reject(new UpstreamError(fault, cause))
  }

  function onData(chunk: Buffer): void {
    try {
      const end = connected ? reader.read(chunk, 0, chunk.length) : -1
      if (end < 0) fail('closed')
      else if (reader.upgraded) {
        socket.pause()
        finish(socket, chunk.subarray(end))
      } else if (reader.ended || size > maxBytes) finish(undefined, chunk.subarray(0, 0))
    } catch (error) {
      fail(error instanceof MalformedAnswer ? 'malformed' : 'taking', error)
    }
  }

  function onEnd(): void {
    try {
      reader.end()
      finish(undefined, Buffer.alloc(0))
    } catch (error) {
      fail('closed', error)
    }
  }

  const onError = (error: Error) => fail(connected ? 'closed' : 'connect', error)
  const onClose = () => fail(connected ? 'closed' : 'connect')
  function release(): void {
    clearTimeout(timer)
    socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
    // Errors may occur before the new owner listens.
    socket.on('error', () => socket.destroy())
  }

  const timer = setTimeout(() => fail('timeout'), withinMs)
  reader.begin(request.method, true)
  // Node emits this again when a TLS 1.2 server renegotiates; writing the head again would corrupt the stream.
  socket.once('secureConnect', () => {
    if (connection() !== options) return fail('connect')
    connected = true
    socket.write(request.head, 'latin1')
  })
  socket.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  return promise
}
