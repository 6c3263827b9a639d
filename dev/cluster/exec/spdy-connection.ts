/**
 * The server's side of SPDY/3.1, as far as Kubernetes' streams use it: the client opens streams, both ends write and
 * end them, pings are answered. No flow control and no priorities: Kubernetes' clients use neither.
 */
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { createHeaderReader, createHeaderWriter } from './spdy-headers.ts'

const types = { synStream: 1, synReply: 2, reset: 3, ping: 6, goAway: 7 } as const
const finFlag = 1
const maxFrameBytes = 1024 * 1024
const maxStreams = 8

export type SpdyStream = {
  readonly headers: ReadonlyMap<string, string>
  /**
   * Called with each piece in order, and `undefined` when the client ends its side. The next call waits for the
   * promise.
   */
  onData: (chunk: Buffer | undefined) => Promise<void> | void
  /** Resolves when there is room for more; a closed connection discards everything. */
  write: (data: Buffer) => Promise<void>
  /** Ends our side. */
  end: () => Promise<void>
}

type Frame = { control: boolean; word: number; flags: number; body: Buffer }

/**
 * Serves a connection until the client closes it.
 * @param onStream called for each stream that the client opens, before any of it is read
 * @throws Error when the peer violates the protocol or the connection breaks; it is then closed
 */
export async function serveSpdy(socket: Duplex, onStream: (stream: SpdyStream) => void): Promise<void> {
  const readHeaders = createHeaderReader()
  const writeHeaders = createHeaderWriter()
  const streams = new Map<number, SpdyStream>()

  const send = async (...frame: Buffer[]) => {
    if (!socket.writable || socket.write(Buffer.concat(frame))) return
    const either = new AbortController()
    const { signal } = either
    await Promise.race([once(socket, 'drain', { signal }), once(socket, 'close', { signal })]).catch(() => {})
    either.abort()
  }

  const open = async ({ flags, body }: Frame) => {
    const id = body.readUInt32BE(0)
    if (streams.has(id) || streams.size >= maxStreams) throw new Error(`stream ${id} may not be opened`)
    const headers = await readHeaders(body.subarray(10))
    const stream: SpdyStream = {
      headers,
      onData: () => {},
      write: (data) => send(head(id, 0, data.length), data),
      end: () => send(head(id, finFlag, 0)),
    }
    streams.set(id, stream)
    // Sent before anything else on the stream: the client drops anything earlier.
    const reply = await writeHeaders(new Map())
    await send(controlHead(types.synReply, 4 + reply.length), uint32(id), reply)
    onStream(stream)
    if (flags & finFlag) await stream.onData(undefined)
  }

  const take = async (frame: Frame) => {
    if (!frame.control) {
      const stream = streams.get(frame.word)
      if (frame.body.length > 0) await stream?.onData(frame.body)
      if (frame.flags & finFlag) await stream?.onData(undefined)
    } else if (frame.word === types.synStream) await open(frame)
    else if (frame.word === types.ping) await send(controlHead(types.ping, frame.body.length), frame.body)
    else if (frame.word === types.reset) await streams.get(frame.body.readUInt32BE(0))?.onData(undefined)
    // Settings, window updates and the like need no action here.
  }

  try {
    for await (const frame of readFrames(socket)) {
      if (frame.control && frame.word === types.goAway) return
      await take(frame)
    }
  } finally {
    socket.destroy()
    for (const stream of streams.values()) await stream.onData(undefined)
  }
}

/** `word`: the stream of a data frame, the type of a control frame. */
async function* readFrames(socket: Duplex): AsyncGenerator<Frame> {
  let pending = Buffer.alloc(0)
  for await (const chunk of socket) {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 8) {
      const length = pending.readUIntBE(5, 3)
      if (length > maxFrameBytes) throw new Error(`a frame of ${length} bytes is too long`)
      if (pending.length < 8 + length) break
      const first = pending.readUInt32BE(0)
      const control = first >= 0x80000000
      yield {
        control,
        word: control ? first & 0xffff : first,
        flags: pending.readUInt8(4),
        body: pending.subarray(8, 8 + length),
      }
      pending = pending.subarray(8 + length)
    }
  }
}

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const head = (word: number, flags: number, length: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeUInt32BE(word)
  bytes.writeUIntBE(flags * 0x1000000 + length, 4, 4)
  return bytes
}

const controlHead = (type: number, length: number) => head(0x80030000 + type, 0, length)
