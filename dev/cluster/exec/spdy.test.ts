import { type Duplex, duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { type SpdyStream, serveSpdy } from './spdy-connection.ts'
import { createHeaderReader, createHeaderWriter, dictionary } from './spdy-headers.ts'

const frame = (first: number, flags: number, body: Buffer) => {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(first)
  head.writeUIntBE(flags * 0x1000000 + body.length, 4, 4)
  return Buffer.concat([head, body])
}
const syn = async (id: number, packed: Promise<Buffer>) => {
  const head = Buffer.alloc(10)
  head.writeUInt32BE(id)
  return frame(0x80030001, 0, Buffer.concat([head, await packed]))
}

function connect(onStream: (stream: SpdyStream) => void = () => {}) {
  const [client, server] = duplexPair()
  const served = serveSpdy(server, onStream)
  served.catch(() => {})
  const received: Buffer[] = []
  client.on('data', (chunk: Buffer) => received.push(chunk)).on('error', () => {})
  const says = (bytes: Buffer) => expect.poll(() => Buffer.concat(received).includes(bytes)).toBe(true)
  return { client, served, says }
}
const dribble = async (client: Duplex, bytes: Buffer) => {
  for (const byte of bytes) await new Promise((done) => client.write(Buffer.from([byte]), done))
}

test('the dictionary is the one in the specification', () => {
  // Streams that start with it identify it by its Adler-32.
  let [a, b] = [1, 0]
  for (const byte of dictionary) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  expect(dictionary.length).toBe(1423)
  expect(b * 65536 + a).toBe(0xe3c6a7c2)
})

test('header blocks are read in the order in which they were written', async () => {
  const [write, read] = [createHeaderWriter(), createHeaderReader()]
  for (const pairs of [[['streamtype', 'error']], [['streamtype', 'stdin'] as const, ['é', '']], []]) {
    const headers = new Map(pairs.map(([name = '', value = '']) => [name, value]))
    expect(await read(await write(headers))).toEqual(headers)
  }
})

test('a malformed or oversized header block ends the reading', async () => {
  const huge = await createHeaderWriter()(new Map([['x', 'y'.repeat(1_000_000)]]))
  for (const block of [huge, Buffer.from('nonsense')]) {
    const read = createHeaderReader()
    await expect(read(block)).rejects.toThrow()
    await expect(read(block)).rejects.toThrow()
  }
})

test('frames that arrive byte by byte are reassembled; pings come back, data reaches its stream', async () => {
  const heard: string[] = []
  const { client, says, served } = connect((stream) => {
    stream.onData = (chunk) => void heard.push(`${stream.headers.get('streamtype')}: ${chunk ?? 'end'}`)
  })
  const write = createHeaderWriter()
  await dribble(client, await syn(1, write(new Map([['streamtype', 'error']]))))
  await dribble(client, await syn(3, write(new Map([['streamtype', 'stdin']]))))
  const ping = frame(0x80030006, 0, Buffer.from([0, 0, 0, 7]))
  await dribble(client, Buffer.concat([ping, frame(3, 0, Buffer.from('typed')), frame(3, 1, Buffer.alloc(0))]))
  await says(ping)
  await expect.poll(() => heard).toEqual(['stdin: typed', 'stdin: end'])
  client.end()
  await served
})

test('a protocol violation ends the connection', async () => {
  const opening = async (ids: readonly number[]) => {
    const write = createHeaderWriter()
    const frames: Buffer[] = []
    for (const id of ids) frames.push(await syn(id, write(new Map())))
    return Buffer.concat(frames)
  }
  for (const bytes of [
    frame(1, 0, Buffer.alloc(0)).fill(0xff, 5),
    frame(0x80030001, 0, Buffer.alloc(3)),
    await opening([1, 1]),
    await opening(Array.from({ length: 9 }, (_, at) => 2 * at + 1)),
  ]) {
    const { client, served } = connect()
    client.write(bytes)
    await expect(served).rejects.toThrow()
  }
})
