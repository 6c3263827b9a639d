/**
 * Answers a watch or a log over WebSocket, as the API server does (k8s.io/apiserver, pkg/endpoints/handlers/watch.go;
 * k8s.io/streaming, wsstream). Upstream it is an ordinary request with the same checks and cuts. Must never take a
 * credential from a subprotocol.
 */
import { createHash } from 'node:crypto'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Duplex } from 'node:stream'
import { Writable } from 'node:stream'
import { type AnswerFormat, createEventReader, formatOf } from '#lib/gateway/request/watch-events.ts'
import type { ClientResponse } from './client-response.ts'
import { createFrameReader, opcodes, renderFrame } from './websocket-frames.ts'

/** RFC 6455, section 1.3. */
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** The API server's subprotocols; it uses them for logs only. */
const protocols = ['base64.binary.k8s.io', 'binary.k8s.io']
const lingerMs = 2_000

/** Bytes read per turn: frames that cost about as much as a small request. */
const maxBytesOfTurn = 4 * 1024

const normalClosure = Buffer.from([0x03, 0xe8])

/** @param kind what one message holds: an event of a watch, or the available part of a log */
export class WebSocketResponse extends Writable implements ClientResponse {
  headersSent = false
  shouldKeepAlive = false
  readonly req: IncomingMessage
  readonly #client: Duplex
  readonly #kind: 'watch' | 'log'
  readonly #protocol: string | undefined
  #isOpen = false
  #format: AnswerFormat | undefined
  #readEvents: ((chunk: Buffer) => Buffer[]) | undefined
  #takeTurn: () => Promise<void> | undefined = () => undefined
  readonly #onEarly: (chunk: Buffer) => void

  constructor(request: IncomingMessage, client: Duplex, kind: 'watch' | 'log') {
    super()
    this.req = request
    this.#client = client
    this.#kind = kind
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
    this.#protocol = offered.find((one) => protocols.includes(one))
    // A failed write closes the connection without raising a process error.
    this.on('error', () => this.destroy())
    client.on('error', () => this.destroy())
    client.on('close', () => this.destroy())
    // A client must wait for the 101 (RFC 6455, section 4.1). Earlier bytes stay unread until then.
    this.#onEarly = (chunk) => {
      client.pause()
      client.unshift(chunk)
    }
    client.once('data', this.#onEarly)
    client.on('end', () => this.destroy())
  }

  paceReading(takeTurn: () => Promise<void> | undefined): void {
    this.#takeTurn = takeTurn
  }

  writeHead(status: number, given: readonly string[] | OutgoingHttpHeaders = []): this {
    const fields =
      'length' in given && Array.isArray(given) ? given.map(String) : Object.entries(given).flat().map(String)
    this.headersSent = true
    if (status !== 200) {
      this.#client.write(renderHead(status, 'Refused', [...fields, 'Connection', 'close']), 'latin1')
      return this
    }
    this.#isOpen = true
    const lowerCase = fields.map((text, at) => (at % 2 === 0 ? text.toLowerCase() : text))
    this.#format = formatOf(lowerCase)
    this.#readEvents = this.#format && this.#kind === 'watch' ? createEventReader(this.#format) : undefined
    const key = this.req.headers['sec-websocket-key'] ?? ''
    const accept = createHash('sha1').update(`${key}${acceptGuid}`).digest('base64')
    const at = lowerCase.indexOf('x-request-id')
    const agreed = ['Upgrade', 'websocket', 'Connection', 'Upgrade', 'Sec-WebSocket-Accept', accept]
    if (this.#protocol !== undefined) agreed.push('Sec-WebSocket-Protocol', this.#protocol)
    if (at >= 0) agreed.push('X-Request-Id', fields[at + 1] ?? '')
    this.#client.write(renderHead(101, 'Switching Protocols', agreed), 'latin1')
    // The API server sends an empty message before a log.
    if (this.#kind === 'log') this.#client.write(this.#render(Buffer.alloc(0)))
    this.#readFrames()
    return this
  }

  #readFrames(): void {
    const client = this.#client
    const read = createFrameReader(
      // Only the latest ping needs an answer (RFC 6455, section 5.5.3).
      (payload) => client.writable && !client.writableNeedDrain && client.write(renderFrame(opcodes.pong, payload)),
      () => this.destroy(),
    )
    client.off('data', this.#onEarly)
    client.on('data', (chunk: Buffer) => {
      client.pause()
      void this.#readInTurns(chunk, read)
    })
    client.resume()
  }

  async #readInTurns(chunk: Buffer, read: (piece: Buffer) => void): Promise<void> {
    for (let at = 0; at < chunk.length && !this.#client.destroyed; at += maxBytesOfTurn) {
      read(chunk.subarray(at, at + maxBytesOfTurn))
      await this.#takeTurn()?.catch(() => {})
    }
    this.#client.resume()
  }

  flushHeaders(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (!this.#isOpen) {
      this.#client.write(chunk, done)
      return
    }
    let messages: Buffer[]
    try {
      // Incomplete events outlive the chunk.
      messages = this.#readEvents ? this.#readEvents(Buffer.from(chunk)) : [chunk]
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
      return
    }
    if (messages.length === 0) done()
    else this.#client.write(Buffer.concat(messages.map((message) => this.#render(message))), done)
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#isOpen) this.#client.end(renderFrame(opcodes.close, normalClosure))
    else this.#client.end()
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const client = this.#client
    if (this.writableFinished && !client.destroyed) setTimeout(() => client.destroy(), lingerMs).unref()
    else client.destroy()
    done(error)
  }

  #render(message: Buffer): Buffer {
    if (this.#kind === 'log')
      return this.#protocol === 'base64.binary.k8s.io'
        ? renderFrame(opcodes.text, Buffer.from(message.toString('base64')))
        : renderFrame(opcodes.binary, message)
    // Messages carry their own length.
    return this.#format === 'protobuf'
      ? renderFrame(opcodes.binary, message.subarray(4))
      : renderFrame(opcodes.text, message)
  }
}

/** @returns whether it is a WebSocket handshake (RFC 6455, section 4.2.1) */
export const isHandshake = ({ headers, method }: IncomingMessage): boolean =>
  method === 'GET' &&
  headers.upgrade?.toLowerCase() === 'websocket' &&
  headers['sec-websocket-version'] === '13' &&
  /^[A-Za-z0-9+/]{22}==$/.test(headers['sec-websocket-key'] ?? '')

const renderHead = (status: number, text: string, fields: readonly string[]): string => {
  let head = `HTTP/1.1 ${status} ${text}\r\n`
  for (let at = 0; at + 1 < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`
  return `${head}\r\n`
}
