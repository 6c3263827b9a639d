/**
 * The connections to one API server. Must never open too many, keep a request waiting forever, send a change twice, or
 * reuse a connection before reading everything that arrived with its last answer.
 */
import type tls from 'node:tls'
import { Bag } from '#lib/gateway/connection/bag.ts'
import type { AnswerHead } from './parse-answer.ts'
import { keep, type Piece, type RecycledBlocks } from './recycled-blocks.ts'
import { mayRepeat, renderRequest, type UpstreamRequest } from './render-request.ts'
import { type ConnectionOwner, type Task, UpstreamConnection } from './upstream-connection.ts'
import { UpstreamError } from './upstream-error.ts'

const sweepMs = 1_000
/** Handshakes cost CPU. If thousands start at once, as after a restart, all of them time out. */
const maxConnecting = 32
/** As many as streams in in-flight.ts. */
const maxWaiting = 8_192
const maxWaitSeconds = 30

/** No call follows `onError`, `onEnd` or an abort. */
export type AnswerHandler = {
  onHead(head: AnswerHead): void
  onBody(piece: Piece): void
  onEnd(): void
  onError(error: UpstreamError): void
}

export type SentRequest = {
  /** Applies back-pressure to the API server. A little more may still arrive. */
  pause(): void
  resume(): void
  abort(): void
}

export type PoolOptions = {
  /** Host and port, as the request names them. */
  authority: string
  /** TLS options for connections until `renew`. */
  connection: tls.ConnectionOptions
  blocks: RecycledBlocks
  /** Undefined: no limit. */
  maxConnections: number | undefined
  /** Shorter than the API server's own limit, so that no request meets a closing connection. */
  idleSeconds: number
}

export type UpstreamPool = {
  /**
   * @param patienceMs the longest wait for the answer's head, and then for each piece of its body; undefined: no limit
   * @throws Error if the request can't be rendered: a bug
   */
  send(request: UpstreamRequest, patienceMs: number | undefined, handler: AnswerHandler): SentRequest
  /** @throws (from the promise) UpstreamError */
  ask(
    request: UpstreamRequest,
    limits: { withinMs: number; maxBytes: number },
  ): Promise<{ status: number; body: Buffer }>
  /**
   * Uses other options for new connections, because trust may have been removed. Idle connections end at once, busy
   * ones after their answer, and those being opened are opened again.
   */
  renew(connection: tls.ConnectionOptions): void
  close(): void
  size(): { connections: number; waiting: number }
}

export function createUpstreamPool(options: PoolOptions): UpstreamPool {
  const pool = new Pool(options)
  return {
    send: (request, patienceMs, handler) => pool.send(request, patienceMs, handler),
    ask: (request, limits) => ask(pool, request, limits),
    renew: (connection) => pool.renew(connection),
    close: () => pool.close(),
    size: () => pool.size(),
  }
}

class Pool implements ConnectionOwner {
  readonly #options: PoolOptions
  readonly #maxConnections: number
  readonly #connections = new Bag<UpstreamConnection>()
  /** The most recently used one is reused first, so that surplus ones become idle and close. */
  readonly #free: UpstreamConnection[] = []
  /** They have served a request; anything else that arrived on them is about to be read. */
  #resting: UpstreamConnection[] = []
  readonly #waiting = new Set<Sending>()
  #connecting = 0
  readonly #sweeps: NodeJS.Timeout
  #tls: tls.ConnectionOptions
  #session: Buffer | undefined
  #closed = false
  now = 0

  constructor(options: PoolOptions) {
    this.#options = options
    this.#tls = options.connection
    this.#maxConnections = options.maxConnections ?? Number.POSITIVE_INFINITY
    this.#sweeps = setInterval(() => this.#sweep(), sweepMs).unref()
  }

  get blocks(): RecycledBlocks {
    return this.#options.blocks
  }

  get idleSeconds(): number {
    return this.#options.idleSeconds
  }

  send(request: UpstreamRequest, patienceMs: number | undefined, handler: AnswerHandler): Sending {
    const head = renderRequest(this.#options.authority, request)
    const seconds = patienceMs === undefined ? undefined : Math.ceil(patienceMs / 1_000)
    const sending = new Sending(this, request, head, seconds, handler)
    if (this.#closed) queueMicrotask(() => sending.onError(new UpstreamError('stopping'), false))
    else this.#place(sending)
    return sending
  }

  sendAgain(sending: Sending): void {
    this.#open(sending)
  }

  renew(connection: tls.ConnectionOptions): void {
    this.#tls = connection
    // A server that resumes a session presents no certificate.
    this.#session = undefined
    for (const free of [...this.#free]) free.destroy()
    for (const opening of this.#connections.all()) {
      const task = opening.giveBack()
      if (task instanceof Sending) this.#open(task)
    }
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#sweeps)
    for (const sending of this.#waiting) this.#refuse(sending, 'stopping')
    for (const connection of this.#connections.all()) connection.fail('stopping')
  }

  size(): { connections: number; waiting: number } {
    return { connections: this.#connections.size, waiting: this.#waiting.size }
  }

  forget(sending: Sending): void {
    this.#waiting.delete(sending)
  }

  onSession(session: Buffer, { options }: UpstreamConnection): void {
    if (options === this.#tls) this.#session = session
  }

  onIdle(connection: UpstreamConnection): void {
    if (this.#resting.length === 0) setImmediate(() => this.#endRest())
    this.#resting.push(connection)
  }

  onConnected(): void {
    this.#connecting--
    this.#serveWaiting()
  }

  onGone(connection: UpstreamConnection, connected: boolean): void {
    if (!connected) this.#connecting--
    this.#connections.remove(connection)
    const at = this.#free.lastIndexOf(connection)
    if (at >= 0) this.#free.splice(at, 1)
    if (this.#waiting.size === 0) return
    // Not synchronously: the request that lost its connection may need the free slot first.
    queueMicrotask(() => this.#serveWaiting())
  }

  #place(sending: Sending): void {
    const connection = this.#free.pop()
    if (connection) sending.startOn(connection)
    else if (this.#mayOpen()) this.#open(sending)
    else if (this.#waiting.size < maxWaiting) {
      sending.waitsUntil = this.now + maxWaitSeconds + 1
      this.#waiting.add(sending)
    } else queueMicrotask(() => sending.onError(new UpstreamError('busy'), false))
  }

  #mayOpen(): boolean {
    return this.#connections.size < this.#maxConnections && this.#connecting < maxConnecting
  }

  #open(sending: Sending): void {
    const connection = new UpstreamConnection(this, this.#tls, this.#session, sending)
    this.#connections.add(connection)
    this.#connecting++
    sending.connection = connection
  }

  /**
   * Everything that arrived with the last answers has been read by now. Connections that are still open and have
   * written their whole request are clean.
   */
  #endRest(): void {
    const rested = this.#resting
    this.#resting = []
    for (const connection of rested) {
      if (!this.#connections.has(connection)) continue
      if (connection.isWritten() && connection.options === this.#tls) this.#free.push(connection)
      else connection.destroy()
    }
    this.#serveWaiting()
  }

  #serveWaiting(): void {
    for (const next of this.#waiting) {
      if (this.#closed || (this.#free.length === 0 && !this.#mayOpen())) return
      this.#waiting.delete(next)
      this.#place(next)
    }
  }

  #refuse(sending: Sending, fault: 'busy' | 'stopping'): void {
    this.#waiting.delete(sending)
    sending.onError(new UpstreamError(fault), false)
  }

  #sweep(): void {
    this.now++
    for (const connection of this.#connections.all()) connection.checkDeadline()
    for (const sending of this.#waiting) {
      if (sending.waitsUntil > this.now) return
      this.#refuse(sending, 'busy')
    }
  }
}

class Sending implements Task, SentRequest {
  readonly method: string
  readonly head: string
  readonly body: Buffer | null
  readonly patienceSeconds: number | undefined
  readonly #pool: Pool
  readonly #handler: AnswerHandler
  readonly #repeatable: boolean
  #over = false
  connection: UpstreamConnection | undefined
  waitsUntil = 0

  constructor(
    pool: Pool,
    request: UpstreamRequest,
    head: string,
    patienceSeconds: number | undefined,
    handler: AnswerHandler,
  ) {
    this.#pool = pool
    this.method = request.method
    this.head = head
    this.body = request.body
    this.patienceSeconds = patienceSeconds
    this.#handler = handler
    this.#repeatable = mayRepeat(request)
  }

  startOn(connection: UpstreamConnection): void {
    this.connection = connection
    connection.start(this)
  }

  pause(): void {
    if (!this.#over) this.connection?.pause()
  }

  resume(): void {
    if (!this.#over) this.connection?.resume()
  }

  abort(): void {
    if (this.#over) return
    this.#over = true
    if (this.connection) this.connection.destroy()
    else this.#pool.forget(this)
  }

  onHead(head: AnswerHead): void {
    this.#handler.onHead(head)
  }

  onBody(piece: Piece): void {
    this.#handler.onBody(piece)
  }

  onEnd(): void {
    this.#handler.onEnd()
    this.#over = true
  }

  onError(error: UpstreamError, untouched: boolean): void {
    if (this.#over) return
    if (untouched && this.#repeatable) {
      // Happens once at most: a new connection has not served before.
      this.#pool.sendAgain(this)
      return
    }
    this.#over = true
    this.#handler.onError(error)
  }
}

function ask(
  pool: Pool,
  request: UpstreamRequest,
  { withinMs, maxBytes }: { withinMs: number; maxBytes: number },
): Promise<{ status: number; body: Buffer }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: Buffer }>()
  const chunks: Buffer[] = []
  let size = 0
  let status = 0
  const sent = pool.send(request, undefined, {
    onHead(head) {
      status = head.status
    },
    onBody(piece) {
      size += piece.bytes.length
      if (size > maxBytes) {
        sent.abort()
        end()
        reject(new UpstreamError('taking', new Error('the answer is too large')))
      } else chunks.push(keep(piece))
    },
    onEnd() {
      end()
      resolve({ status, body: Buffer.concat(chunks) })
    },
    onError(error) {
      end()
      reject(error)
    },
  })
  const timer = setTimeout(() => {
    sent.abort()
    reject(new UpstreamError('timeout'))
  }, withinMs)
  const end = () => clearTimeout(timer)
  return promise
}
