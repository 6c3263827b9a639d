import { expect, test } from 'vitest'
import { createFrameReader, opcodes, renderFrame } from './websocket-frames.ts'

function masked(opcode: number, payload: Buffer, { mask = Buffer.from([1, 2, 3, 4]), first = 0x80 | opcode } = {}) {
  const frame = Buffer.from(renderFrame(opcode, payload))
  const head = frame.subarray(0, frame.length - payload.length)
  head[0] = first
  head[1] = (head[1] ?? 0) | 0x80
  return Buffer.concat([head, mask, payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0))])
}

/** The result is the same wherever the bytes are cut. */
function read(bytes: Buffer) {
  const cut = (size: number) => {
    const happened: string[] = []
    const take = createFrameReader(
      (payload) => happened.push(`ping ${payload}`),
      () => happened.push('end'),
    )
    for (let at = 0; at < bytes.length; at += size) take(bytes.subarray(at, at + size))
    return happened
  }
  const happened = cut(bytes.length)
  for (const size of [1, 2, 3, 7, 1_000]) expect(cut(size)).toEqual(happened)
  return happened
}

test.each([0, 1, 125, 126, 65_535, 65_536])('a message of %d bytes is preceded by its length', (size) => {
  const frame = renderFrame(opcodes.text, Buffer.alloc(size, 'x'))
  expect(frame[0]).toBe(0x81)
  const [length = 0] = [frame[1]]
  expect(length === 126 ? frame.readUInt16BE(2) : length === 127 ? Number(frame.readBigUInt64BE(2)) : length).toBe(size)
  expect(frame.subarray(-size || frame.length)).toHaveLength(size)
})

test('client data is dropped, pings are answered, and a close frame ends the stream', () => {
  const bytes = [
    masked(opcodes.text, Buffer.from('hello')),
    masked(opcodes.binary, Buffer.alloc(70_000)),
    masked(opcodes.ping, Buffer.from('still there?')),
    masked(0, Buffer.alloc(300)),
    masked(opcodes.ping, Buffer.alloc(0)),
    masked(opcodes.close, Buffer.from([3, 232])),
    masked(opcodes.ping, Buffer.from('too late')),
  ]
  expect(read(Buffer.concat(bytes))).toEqual(['ping still there?', 'ping ', 'end'])
})

test.each([
  ['an unmasked frame', renderFrame(opcodes.text, Buffer.from('hello'))],
  ['an extension that was not negotiated', masked(opcodes.text, Buffer.from('hello'), { first: 0xc1 })],
  ['a ping that is too long', masked(opcodes.ping, Buffer.alloc(126))],
])('%s ends the stream', (_, bytes) => {
  expect(read(Buffer.concat([bytes, masked(opcodes.ping, Buffer.from('x'))]))).toEqual(['end'])
})
