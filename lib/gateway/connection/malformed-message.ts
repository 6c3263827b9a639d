/**
 * Answers bytes that are not a request. Must never write into or ahead of the answer to an earlier request on the
 * connection: the client would take it for that answer.
 */
import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { GatewayRefusal, renderRefusal } from '#lib/gateway/refusal.ts'
import { endSocket } from '#lib/gateway/upstream/join-sockets.ts'
import { maxAnswerMs, type UnansweredRequests } from './unanswered-requests.ts'

/**
 * @param onRefused called for each refused connection
 * @returns a handler for failures of Node's parser
 */
export function createMalformedMessages(
  unanswered: UnansweredRequests,
  onRefused: () => void,
): (error: NodeJS.ErrnoException, socket: Duplex) => void {
  const refused = new WeakSet<Duplex>()

  async function refuse(error: NodeJS.ErrnoException, socket: Duplex): Promise<void> {
    if (error.code === 'ECONNRESET') return void socket.destroy()
    // Drop the rest of a refused message.
    if (refused.has(socket)) return
    if (!socket.writable) return void socket.destroy()
    refused.add(socket)
    onRefused()
    const late = setTimeout(() => socket.destroy(), maxAnswerMs)
    late.unref()
    for (const response of unanswered.of(socket)) {
      // The request with the broken body gets the refusal, or nothing once its answer has begun.
      if (!response.req.complete) {
        if (response.headersSent) socket.destroy()
        break
      }
      await new Promise((resolve) => response.once('close', resolve))
    }
    clearTimeout(late)
    if (!socket.writable) return void socket.destroy()
    endSocket(socket, render(error))
  }

  return (error, socket) => void refuse(error, socket)
}

function render({ code }: NodeJS.ErrnoException): string {
  const refusal =
    code === 'HPE_HEADER_OVERFLOW'
      ? new GatewayRefusal('bad_header', 431, 'the request header is too large')
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new GatewayRefusal('bad_header', 408, 'the request took too long to arrive')
        : new GatewayRefusal('bad_header', 400, 'the request is not well-formed HTTP/1.1')
  const { headers, body } = renderRefusal(refusal, randomUUID())
  let head = `HTTP/1.1 ${refusal.status} Refused\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${head}Connection: close\r\n\r\n${body}`
}
