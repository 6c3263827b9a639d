/**
 * What is answered to bytes that are no request. Must never write into the answer to an earlier request of the same
 * connection, nor before it: the client would take it for that answer.
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { letGo } from './join-sockets.ts'
import { Refusal, renderRefusal } from './refusal.ts'

/** Longer than any answer that ends by itself; a stream's ends with its connection. */
const longestAnswerMs = 75_000

export type MalformedMessages = {
  /** Notes a request, which is answered once its response has closed. */
  begin(request: IncomingMessage, response: ServerResponse): void
  /** Node's parser gave up on a connection. */
  refuse(error: NodeJS.ErrnoException, socket: Duplex): void
}

/** @param onRefused told of each connection that is refused */
export function createMalformedMessages(onRefused: () => void): MalformedMessages {
  /** connection → its requests that have not been answered yet, in their order */
  const unanswered = new WeakMap<Duplex, Map<ServerResponse, IncomingMessage>>()
  const refused = new WeakSet<Duplex>()

  function begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request
    const requests = unanswered.get(socket) ?? new Map<ServerResponse, IncomingMessage>()
    unanswered.set(socket, requests.set(response, request))
    response.on('close', () => requests.delete(response))
  }

  async function refuse(error: NodeJS.ErrnoException, socket: Duplex): Promise<void> {
    if (error.code === 'ECONNRESET') return void socket.destroy()
    // It has been told already, or will be; what else comes of a broken message is dropped.
    if (refused.has(socket)) return
    if (!socket.writable) return void socket.destroy()
    refused.add(socket)
    onRefused()
    const late = setTimeout(() => socket.destroy(), longestAnswerMs)
    late.unref()
    for (const [response, request] of unanswered.get(socket) ?? []) {
      // The one whose body is broken gets the refusal, or nothing more once its answer has begun.
      if (!request.complete) {
        if (response.headersSent) socket.destroy()
        break
      }
      await new Promise((resolve) => response.once('close', resolve))
    }
    clearTimeout(late)
    if (!socket.writable) return void socket.destroy()
    letGo(socket, render(error))
  }

  return { begin, refuse: (error, socket) => void refuse(error, socket) }
}

function render({ code }: NodeJS.ErrnoException): string {
  const refusal =
    code === 'HPE_HEADER_OVERFLOW'
      ? new Refusal('bad_header', 431, 'the request’s header is too large')
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? new Refusal('bad_header', 408, 'the request took too long to arrive')
        : new Refusal('bad_header', 400, 'the request is not well-formed HTTP/1.1')
  const { headers, body } = renderRefusal(refusal, randomUUID())
  let head = `HTTP/1.1 ${refusal.status} Refused\r\n`
  for (let at = 0; at + 1 < headers.length; at += 2) head += `${headers[at]}: ${headers[at + 1]}\r\n`
  return `${head}Connection: close\r\n\r\n${body}`
}
