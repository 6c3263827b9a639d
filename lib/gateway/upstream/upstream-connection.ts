/**
 * One connection to an API server, for one request at a time. Must never take bytes for an answer that nobody asked for:
 * any byte on an idle connection, or behind the end of an answer, ends it. Must never send anything before the API server's
 * certificate was verified.
 */
import type { OnReadOpts } from 'node:net'
import tls from 'node:tls'
import { type AnswerHead, AnswerReader, type AnswerSink, MalformedAnswer } from './parse-answer.ts'
import { blockBytes, type Piece, type RecycledBlocks } from './recycled-blocks.ts'
import { UpstreamError, type UpstreamFault } from './upstream-error.ts'

const connectSeconds = 6
const keepAliveDelayMs = 30_000
/** Of the idle time that an API server announces, so much is left: it counts from when it sent the answer. */
const keepAliveMarginSeconds = 2

/**
 * All connections read into the same bytes: each piece is taken out of them before the next is read. An idle watch holds no
 * buffer so.
 */
const scratch = Buffer.allocUnsafeSlow(64 * 1024)
let scratchInUse = false

/** `tls.connect` takes this as `net.connect` does; its types don’t say so. */
type ReadInto = { onread: OnReadOpts }

/** A request that is written as it is, and who takes its answer. */
export type Task = {
  readonly method: string
  readonly head: string
  readonly body: Buffer | null
  /** For the head of the answer, and then for each piece of it; undefined: any time. */
  readonly patienceSeconds: number | undefined
  onHead(head: AnswerHead): void
  onBody(piece: Piece): void
  onEnd(): void
  /** @param untouched nothing of an answer came, on a connection that had served before */
  onError(error: UpstreamError, untouched: boolean): void
}

export type ConnectionOwner = {
  readonly blocks: RecycledBlocks
  /** Seconds, counted coarsely: all deadlines are looked at once a second. */
  readonly now: number
  readonly idleSeconds: number
  onSession(session: Buffer): void
  /** It has served its request, and may serve another. */
  onIdle(connection: UpstreamConnection): void
  onConnected(): void
  /** It serves no more. */
  onGone(connection: UpstreamConnection, connected: boolean): void
}

export class UpstreamConnection implements AnswerSink {
  readonly #owner: ConnectionOwner
  readonly #socket: tls.TLSSocket
  readonly #reader = new AnswerReader(this)
  #task: Task | undefined
  #connected = false
  #gone = false
  #served = 0
  /** Bytes of an answer have come, and then its head. */
  #touched = false
  #headed = false
  #paused = false
  #deadline: number
  /** What came of a body and was not handed on yet. */
  #block: Buffer | undefined
  #filled = 0
  #flushing = false

  /** @param task is sent once the connection stands */
  constructor(owner: ConnectionOwner, options: tls.ConnectionOptions, task: Task) {
    this.#owner = owner
    this.#task = task
    this.#deadline = owner.now + connectSeconds
    const read: ReadInto = { onread: { buffer: scratch, callback: (count) => this.#onRead(count) } }
    const socket = tls.connect({ ...options, ...read })
    this.#socket = socket
    socket.setNoDelay(true)
    socket.setKeepAlive(true, keepAliveDelayMs)
    // It comes again when a server of TLS 1.2 negotiates again: what was sent would be sent twice.
    socket.once('secureConnect', () => {
      if (this.#gone) return
      this.#connected = true
      owner.onConnected()
      if (this.#task) this.start(this.#task)
    })
    socket.on('session', (session) => owner.onSession(session))
    socket.on('error', (error) => this.#fail(this.#connected ? 'closed' : 'connect', error))
    socket.on('end', () => this.#onEnd())
    socket.on('close', () => this.#fail(this.#connected ? 'closed' : 'connect', undefined))
  }

  /** Only while it is idle. */
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

  /** Stops reading. What has been decrypted already still comes: some ten kilobytes. */
  pause(): void {
    // The next request would wait for an answer that nobody reads.
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

  /** Ends it. Its task hears no more. */
  destroy(): void {
    if (this.#gone) return
    this.#gone = true
    this.#task = undefined
    this.#socket.destroy()
    this.#owner.onGone(this, this.#connected)
  }

  /** Once a second. */
  checkDeadline(): void {
    if (this.#owner.now < this.#deadline) return
    if (!this.#connected) this.#fail('connect timeout', undefined)
    else if (this.#task === undefined) this.destroy()
    // A client that is slow is somebody else's to judge.
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
      // Nobody asked.
      this.#fail('closed', undefined)
      return false
    }
    this.#touched = true
    scratchInUse = true
    try {
      const end = this.#reader.read(scratch, 0, count)
      if (this.#task !== task) return false
      // A head that comes byte by byte has the time of one that comes at once.
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

  /** Pieces that come one right after the other go on together. */
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

  /** @param last nothing may follow on this connection */
  #finish(task: Task, last: boolean): void {
    if (this.#filled > 0) this.#handOn(task)
    if (this.#task !== task) return
    const { keepAliveSeconds } = this.#reader
    const idleSeconds = Math.min(this.#owner.idleSeconds, keepAliveSeconds - keepAliveMarginSeconds)
    // A request of which something is still to be written was not read either.
    if (last || idleSeconds <= 0 || this.#socket.writableLength > 0) this.destroy()
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
