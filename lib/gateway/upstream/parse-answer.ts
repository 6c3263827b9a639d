/**
 * Parses an API server's answers (HTTP/1.1, RFC 9112) from bytes that arrive in pieces. Must never accept an answer
 * that two parsers could frame differently: both framings at once, repeated lengths, lines without CR, folded fields,
 * invalid characters in names or values. Refuses oversized parts instead of truncating them.
 */

const maxHeadBytes = 64 * 1024
const maxFields = 256
/** Interim answers before the final one: 100, 102, 103. */
const maxInterim = 8
/** Enough for 256 TB, leading zeros included. */
const maxSizeDigits = 12
/** Per chunk. Extensions are unused, so they are checked and dropped. */
const maxExtensionBytes = 256
const maxLengthDigits = 15

export type AnswerFault = 'status line' | 'field' | 'framing' | 'chunk' | 'too large' | 'interim' | 'incomplete'

export class MalformedAnswer extends Error {
  readonly fault: AnswerFault
  constructor(fault: AnswerFault) {
    super(`the answer can’t be read: ${fault}`)
    this.fault = fault
  }
}

export type AnswerHead = {
  status: number
  reason: string
  /** Lower-case names alternate with values, in their original order. Latin-1: one character per byte. */
  fields: string[]
}

/** Called during `read`: once for the head, then for each part of the body. */
export type AnswerSink = {
  onHead(head: AnswerHead): void
  /** `bytes.subarray(from, to)` belongs to the body. */
  onBody(bytes: Buffer, from: number, to: number): void
}

type State =
  | 'head'
  | 'by length'
  | 'until close'
  | 'chunk size'
  | 'chunk extension'
  | 'chunk size LF'
  | 'chunk data'
  | 'chunk data CR'
  | 'chunk data LF'
  | 'trailer'
  | 'ended'
  | 'upgraded'

const lf = 10
const cr = 13
const semicolon = 59
const statusLine = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const notInValue = /[^\t\x20-\x7e\x80-\xff]/
const digits = /^\d+$/
const extension = /^(;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(=([!#$%&'*+\-.^_`|~0-9A-Za-z]+|"[\t \x21\x23-\x5b\x5d-\x7e]*"))?)+$/

/** Parses one answer at a time. Call `begin` before each. */
export class AnswerReader {
  readonly #sink: AnswerSink
  #state: State = 'ended'
  #method = ''
  #upgrade = false
  #interim = 0
  /** The unfinished line, and the size so far of the head or trailers. */
  #line = ''
  #headBytes = 0
  #head: AnswerHead | undefined
  #minorVersion = 1
  #length: number | undefined
  #chunked = false
  #close = false
  #keepAliveSeconds = Number.POSITIVE_INFINITY
  /** Missing bytes of the body or the chunk. */
  #left = 0
  #sizeDigits = 0
  #extension = ''
  #trailers = 0

  constructor(sink: AnswerSink) {
    this.#sink = sink
  }

  /** @param upgrade whether the request asked for a 101 */
  begin(method: string, upgrade: boolean): void {
    this.#method = method
    this.#upgrade = upgrade
    this.#interim = 0
    this.#beginHead()
  }

  /** Any later byte belongs to no answer. */
  get ended(): boolean {
    return this.#state === 'ended'
  }

  get upgraded(): boolean {
    return this.#state === 'upgraded'
  }

  /** 0: don't reuse the connection. */
  get keepAliveSeconds(): number {
    return this.#close ? 0 : this.#keepAliveSeconds
  }

  /**
   * @returns the index after the answer's last byte, or `to` if the answer continues
   * @throws MalformedAnswer
   */
  read(bytes: Buffer, from: number, to: number): number {
    let at = from
    while (at < to && this.#state !== 'ended' && this.#state !== 'upgraded') at = this.#step(bytes, at, to)
    return at
  }

  /**
   * Call it when the API server closes the connection.
   * @throws MalformedAnswer if the answer is incomplete
   */
  end(): void {
    if (this.#state === 'until close') this.#state = 'ended'
    if (this.#state !== 'ended') throw new MalformedAnswer('incomplete')
  }

  #step(bytes: Buffer, at: number, to: number): number {
    switch (this.#state) {
      case 'head':
      case 'trailer':
        return this.#readLines(bytes, at, to)
      case 'by length':
      case 'chunk data':
        return this.#readCounted(bytes, at, to)
      case 'until close':
        this.#sink.onBody(bytes, at, to)
        return to
      case 'ended':
      case 'upgraded':
        return at
      default:
        this.#readChunkByte(bytes[at] ?? 0)
        return at + 1
    }
  }

  #readCounted(bytes: Buffer, at: number, to: number): number {
    const end = Math.min(to, at + this.#left)
    this.#left -= end - at
    this.#sink.onBody(bytes, at, end)
    if (this.#left === 0) this.#state = this.#state === 'by length' ? 'ended' : 'chunk data CR'
    return end
  }

  #readChunkByte(byte: number): void {
    switch (this.#state) {
      case 'chunk size': {
        const digit = hexDigit(byte)
        if (digit >= 0) {
          if (++this.#sizeDigits > maxSizeDigits) throw new MalformedAnswer('chunk')
          this.#left = this.#left * 16 + digit
        } else if (this.#sizeDigits === 0) throw new MalformedAnswer('chunk')
        else if (byte === cr) this.#state = 'chunk size LF'
        else if (byte === semicolon) {
          this.#state = 'chunk extension'
          this.#extension = ';'
        } else throw new MalformedAnswer('chunk')
        return
      }
      case 'chunk extension':
        if (byte !== cr) {
          if (this.#extension.length > maxExtensionBytes) throw new MalformedAnswer('chunk')
          this.#extension += String.fromCharCode(byte)
          return
        }
        if (!extension.test(this.#extension)) throw new MalformedAnswer('chunk')
        this.#state = 'chunk size LF'
        return
      case 'chunk size LF':
        if (byte !== lf) throw new MalformedAnswer('chunk')
        this.#state = this.#left === 0 ? 'trailer' : 'chunk data'
        return
      case 'chunk data CR':
        if (byte !== cr) throw new MalformedAnswer('chunk')
        this.#state = 'chunk data LF'
        return
      default:
        if (byte !== lf) throw new MalformedAnswer('chunk')
        this.#beginChunk()
    }
  }

  /** Keeps an incomplete line for the next read. */
  #readLines(bytes: Buffer, at: number, to: number): number {
    const end = Math.min(to, at + maxHeadBytes - this.#headBytes)
    if (end === at) throw new MalformedAnswer('too large')
    const text = bytes.toString('latin1', at, end)
    let from = 0
    for (;;) {
      const found = text.indexOf('\n', from)
      if (found < 0) {
        this.#line += text.slice(from)
        this.#headBytes += text.length
        return end
      }
      const line = this.#line + text.slice(from, found)
      this.#line = ''
      from = found + 1
      if (line.charCodeAt(line.length - 1) !== cr) throw new MalformedAnswer('field')
      if (line.length === 1) {
        this.#endLines()
        return at + from
      }
      this.#takeLine(line.slice(0, -1))
    }
  }

  #takeLine(line: string): void {
    if (this.#state === 'trailer') {
      // Trailers are unused, so they are checked and dropped.
      if (++this.#trailers > maxFields) throw new MalformedAnswer('too large')
      const { name } = parseField(line)
      if (name === 'content-length' || name === 'transfer-encoding') throw new MalformedAnswer('framing')
    } else if (this.#head === undefined) this.#head = this.#parseStatusLine(line)
    else this.#takeField(this.#head.fields, line)
  }

  #parseStatusLine(line: string): AnswerHead {
    const match = statusLine.exec(line)
    if (!match) throw new MalformedAnswer('status line')
    this.#minorVersion = Number(match[1])
    return { status: Number(match[2]), reason: match[3] ?? '', fields: [] }
  }

  #takeField(fields: string[], line: string): void {
    if (fields.length >= maxFields * 2) throw new MalformedAnswer('too large')
    const { name, value } = parseField(line)
    fields.push(name, value)
    switch (name) {
      case 'content-length':
        if (this.#length !== undefined || !digits.test(value) || value.length > maxLengthDigits)
          throw new MalformedAnswer('framing')
        this.#length = Number(value)
        break
      case 'transfer-encoding':
        if (this.#chunked || value.toLowerCase() !== 'chunked' || this.#minorVersion !== 1)
          throw new MalformedAnswer('framing')
        this.#chunked = true
        break
      case 'connection':
        if (/(^|[\s,])close([\s,]|$)/i.test(value)) this.#close = true
        break
      case 'keep-alive': {
        const seconds = /(?:^|[\s,])timeout=(\d{1,9})(?:[\s,]|$)/i.exec(value)?.[1]
        if (seconds !== undefined) this.#keepAliveSeconds = Number(seconds)
        break
      }
    }
  }

  #endLines(): void {
    if (this.#state === 'trailer') {
      this.#state = 'ended'
      return
    }
    const head = this.#head
    if (head === undefined) throw new MalformedAnswer('status line')
    if (this.#chunked && this.#length !== undefined) throw new MalformedAnswer('framing')
    if (head.status < 200) this.#endInterim(head)
    else this.#endHead(head)
  }

  #endHead(head: AnswerHead): void {
    // Keep-alive is optional in HTTP/1.0, and proxies on the way may not support it.
    if (this.#minorVersion === 0) this.#close = true
    this.#state = this.#bodyState(head.status)
    this.#sink.onHead(head)
  }

  #endInterim(head: AnswerHead): void {
    if (this.#chunked || (this.#length ?? 0) > 0) throw new MalformedAnswer('framing')
    // HTTP/1.0 has no interim answers (RFC 9110, section 15.2).
    if (this.#minorVersion === 0) throw new MalformedAnswer('interim')
    if (head.status === 101) {
      if (!this.#upgrade) throw new MalformedAnswer('interim')
      this.#state = 'upgraded'
      this.#sink.onHead(head)
      return
    }
    if (++this.#interim > maxInterim) throw new MalformedAnswer('interim')
    this.#beginHead()
  }

  /** RFC 9112, section 6.3. */
  #bodyState(status: number): State {
    if (this.#method === 'HEAD' || status === 204 || status === 304) {
      // A broken server may send the announced body anyway.
      if (this.#method === 'HEAD' || this.#chunked || (this.#length ?? 0) > 0) this.#close = true
      return 'ended'
    }
    if (this.#chunked) {
      this.#beginChunk()
      return 'chunk size'
    }
    if (this.#length === undefined) {
      this.#close = true
      return 'until close'
    }
    this.#left = this.#length
    return this.#left === 0 ? 'ended' : 'by length'
  }

  #beginHead(): void {
    this.#state = 'head'
    this.#line = ''
    this.#headBytes = 0
    this.#head = undefined
    this.#length = undefined
    this.#chunked = false
    this.#close = false
    this.#keepAliveSeconds = Number.POSITIVE_INFINITY
    this.#trailers = 0
  }

  #beginChunk(): void {
    this.#state = 'chunk size'
    this.#left = 0
    this.#sizeDigits = 0
    this.#headBytes = 0
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Names can't start or end with a blank, which also rules out folded lines. */
function parseField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':')
  const name = line.slice(0, Math.max(colon, 0))
  let from = colon + 1
  let to = line.length
  while (from < to && isBlank(line.charCodeAt(from))) from++
  while (to > from && isBlank(line.charCodeAt(to - 1))) to--
  const value = line.slice(from, to)
  if (!token.test(name) || notInValue.test(value)) throw new MalformedAnswer('field')
  return { name: name.toLowerCase(), value }
}

const isBlank = (code: number): boolean => code === 0x20 || code === 9
