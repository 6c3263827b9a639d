/**
 * One connection to an API server, carrying one request at a time. Must never take unrequested bytes for an answer: any
 * byte on an idle connection, or after the end of an answer, closes it. Must never send anything before the API
 * server's certificate is verified.
 */
import type { OnReadOpts } from 'node:net'
import tls from 'node:tls'
import type { BagItem } from '#lib/gateway/connection/bag.ts'
import { type AnswerHead, AnswerReader, type AnswerSink, MalformedAnswer } from './parse-answer.ts'
import { blockBytes, type Piece, type RecycledBlocks } from './recycled-blocks.ts'
import { UpstreamError, type UpstreamFault } from './upstream-error.ts'

const connectSeconds = 6
const keepAliveDelayMs = 30_000
/** Subtracted from the idle time that an API server announces, because its clock starts when it sends the answer. */
const keepAliveMarginSeconds = 2

/**
 * All connections read into this one buffer, and each read is copied out before the next. So an idle watch holds no
 * buffer.
 */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)
let scratchInUse = false

/** `tls.connect` accepts this, as `net.connect` does, but its types lack it. */
type ReadInto = { onread: OnReadOpts }

export type Task = {
  readonly method: string
  readonly head: string
  readonly body: Buffer | null
  /** The longest wait for the answer's head, and then for each piece of its body; undefined: no limit. */
  readonly patienceSeconds: number | undefined
  onHead(head: AnswerHead): void
  onBody(piece: Piece): void
  onEnd(): void
  /** @param untouched whether a reused connection closed before the first byte of an answer */
  onError(error: UpstreamError, untouched: boolean): void
}

export type ConnectionOwner = {
  readonly blocks: RecycledBlocks
  /** In whole seconds: deadlines are checked once a second. */
  readonly now: number
  readonly idleSeconds: number
  onSession(session: Buffer, connection: UpstreamConnection): void
  onIdle(connection: UpstreamConnection): void
  onConnected(): void
  onGone(connection: UpstreamConnection, connected: boolean): void
}

export class UpstreamConnection implements AnswerSink, BagItem {
  place = -1
  /** Without a session. */
  readonly options: tls.ConnectionOptions
  readonly #owner: ConnectionOwner
  readonly #socket: tls.TLSSocket
  readonly #reader = new AnswerReader(this)
  #task: Task | undefined
  #connected = false
  #gone = false
  #served = 0
  /** For the current answer: its first byte has arrived, its whole head has. */
  #touched = false
  #headed = false
  #paused = false
  #deadline: number
  #block: Buffer | undefined
  #filled = 0
  #flushing = false

  /**
   * @param session to resume; undefined: none
   * @param task sent as soon as the connection is established
   */
  constructor(owner: ConnectionOwner, options: tls.ConnectionOptions, session: Buffer | undefined, task: Task) {
    this.#owner = owner
    this.options = options
    this.#task = task
    this.#deadline = owner.now + connectSeconds
    const read: ReadInto = { onread: { buffer: scratch, callback: (count) => this.#onRead(count) } }
    const socket = tls.connect({ ...options, ...(session && { session }), ...read })
    this.#socket = socket
    socket.setNoDelay(true)
    socket.setKeepAlive(true, keepAliveDelayMs)
    // A TLS 1.2 server that renegotiates makes this event fire again, which would send the request twice.
    socket.once('secureConnect', () => {
      if (this.#gone) return
      this.#connected = true
      owner.onConnected()
      if (this.#task) this.start(this.#task)
    })
    // Every connection keeps the session that it resumed alive: they share one as long as the API server accepts it.
    socket.on('session', (session) => {
      if (!socket.isSessionReused()) owner.onSession(session, this)
    })
    socket.on('error', (error) => this.#fail(this.#connected ? 'closed' : 'connect', error))
    socket.on('end', () => this.#onEnd())
    socket.on('close', () => this.#fail(this.#connected ? 'closed' : 'connect', undefined))
  }

  /** Only for an idle connection. */
  start(task: Task): void {
    this.#task = task
    this.#touched = false
    this.#headed = false
    this.#reader.begin(task.method, false)
    this.#expect(task)
    const socket = this.#socket
    if (task.body === null) socket.write(task.head, 'latin1')
    else {
      socket.cork()
      socket.write(task.head, 'latin1')
      socket.write(task.body)
      socket.uncork()
    }
  }

  /** Stops reading. Bytes that are already decrypted still arrive, some ten kilobytes. */
  pause(): void {
    // Without a task it would stay paused, and the next request would never see its answer.
    if (this.#task === undefined) return
    this.#paused = true
    this.#socket.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#task) this.#expect(this.#task)
    this.#socket.resume()
  }

  /**
   * @returns whether the whole last request is written: an API server may answer before it has read everything. Node
   * knows only after the event loop's next turn, so call it then.
   */
  isWritten(): boolean {
    return this.#socket.writableLength === 0
  }

  /**
   * Closes it unless it is established.
   * @returns its unsent task in that case
   */
  giveBack(): Task | undefined {
    if (this.#connected) return undefined
    const task = this.#task
    this.destroy()
    return task
  }

  /** Its task gets no further calls. */
  destroy(): void {
    if (this.#gone) return
    this.#gone = true
    this.#task = undefined
    this.#socket.destroy()
    this.#owner.onGone(this, this.#connected)
  }

  /** The pool calls this once a second. */
  checkDeadline(): void {
    if (this.#owner.now < this.#deadline) return
    if (!this.#connected) this.#fail('connect timeout', undefined)
    else if (this.#task === undefined) this.destroy()
    // A paused connection waits for a slow client, whom reader-patience.ts limits.
    else if (!this.#paused) this.#fail('timeout', undefined)
  }

  fail(fault: UpstreamFault): void {
    this.#fail(fault, undefined)
  }

  onHead(head: AnswerHead): void {
    this.#headed = true
    this.#task?.onHead(head)
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    let at = from
    while (at < to && this.#task) {
      this.#block ??= this.#owner.blocks.take()
      const taken = Math.min(to - at, blockBytes - this.#filled)
      bytes.copy(this.#block, this.#filled, at, at + taken)
      this.#filled += taken
      at += taken
      if (this.#filled === blockBytes) this.#handOn(this.#task)
    }
  }

  #expect(task: Task): void {
    this.#deadline =
      task.patienceSeconds === undefined ? Number.POSITIVE_INFINITY : this.#owner.now + task.patienceSeconds + 1
  }

  #onRead(count: number): boolean {
    const task = this.#task
    if (task === undefined || !this.#connected || scratchInUse) {
      this.#fail('closed', undefined)
      return false
    }
    this.#touched = true
    scratchInUse = true
    try {
      const end = this.#reader.read(scratch, 0, count)
      if (this.#task !== task) return false
      // A head that trickles in gets no extra time.
      if (this.#headed) this.#expect(task)
      if (this.#reader.ended) this.#finish(task, end < count)
      else if (this.#filled > 0) this.#handOnSoon()
    } catch (error) {
      this.#fail(error instanceof MalformedAnswer ? 'malformed' : 'taking', error)
    } finally {
      scratchInUse = false
    }
    return !this.#paused
  }

  #onEnd(): void {
    const task = this.#task
    if (task !== undefined && this.#touched) {
      try {
        this.#reader.end()
        this.#finish(task, true)
      } catch (error) {
        this.#fail(error instanceof MalformedAnswer ? 'closed' : 'taking', error)
      }
    }
    this.#fail('closed', undefined)
  }

  /** Batches bytes that arrive within one turn of the event loop. */
  #handOnSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(() => {
      this.#flushing = false
      if (!this.#task || this.#filled === 0) return
      try {
        this.#handOn(this.#task)
      } catch (error) {
        this.#fail('taking', error)
      }
    })
  }

  #handOn(task: Task): void {
    const block = this.#block
    const filled = this.#filled
    if (block === undefined) return
    this.#block = undefined
    this.#filled = 0
    task.onBody(this.#owner.blocks.lend(block, filled))
  }

  /** @param last the connection can't be reused */
  #finish(task: Task, last: boolean): void {
    if (this.#filled > 0) this.#handOn(task)
    if (this.#task !== task) return
    const { keepAliveSeconds } = this.#reader
    const idleSeconds = Math.min(this.#owner.idleSeconds, keepAliveSeconds - keepAliveMarginSeconds)
    if (last || idleSeconds <= 0) this.destroy()
    else {
      this.#task = undefined
      this.#served++
      this.#deadline = this.#owner.now + idleSeconds
      this.resume()
      this.#owner.onIdle(this)
    }
    try {
      task.onEnd()
    } catch (error) {
      this.destroy()
      task.onError(new UpstreamError('taking', error), false)
    }
  }

  #fail(fault: UpstreamFault, cause: unknown): void {
    if (this.#gone) return
    const task = this.#task
    const untouched = fault === 'closed' && this.#served > 0 && !this.#touched
    this.destroy()
    task?.onError(new UpstreamError(fault, cause), untouched)
  }
}
