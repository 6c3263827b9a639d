/**
 * WebSocket frames (RFC 6455, section 5) for a server that only sends. Client data is dropped as it arrives, whatever
 * its size, except for pings and close frames.
 */

export const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export function renderFrame(opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const head =
    length < 126
      ? Buffer.from([0x80 | opcode, length])
      : length < 65_536
        ? Buffer.from([0x80 | opcode, 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0x80 | opcode, 127]), bigEndian(length)])
  return Buffer.concat([head, payload])
}

function bigEndian(length: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(length))
  return bytes
}

const maxControlBytes = 125

/**
 * @param onPing gets the payload for the pong
 * @param onEnd called for a close frame, and for invalid bytes
 * @returns a function that takes bytes as they arrive
 */
export function createFrameReader(onPing: (payload: Buffer) => void, onEnd: () => void): (chunk: Buffer) => void {
  let head: number[] = []
  let opcode = 0
  let mask: Buffer | undefined
  let left = 0n
  let payload: number[] = []
  let ended = false

  function end(): void {
    ended = true
    onEnd()
  }

  function headLength(): number {
    const length = (head[1] ?? 0) & 0x7f
    return head.length < 2 ? 2 : 6 + (length === 126 ? 2 : length === 127 ? 8 : 0)
  }

  function takeHead(byte: number): void {
    head.push(byte)
    if (head.length < headLength()) return
    const bytes = Buffer.from(head)
    head = []
    const length = (bytes[1] ?? 0) & 0x7f
    opcode = (bytes[0] ?? 0) & 0x0f
    left = length === 126 ? BigInt(bytes.readUInt16BE(2)) : length === 127 ? bytes.readBigUInt64BE(2) : BigInt(length)
    mask = bytes.subarray(-4)
    payload = []
    const isControl = opcode >= opcodes.close
    // Clients must mask their frames, and no extension was negotiated.
    const isMasked = ((bytes[1] ?? 0) & 0x80) !== 0
    if (!isMasked || ((bytes[0] ?? 0) & 0x70) !== 0 || (isControl && left > maxControlBytes)) end()
    else if (left === 0n) endFrame()
  }

  function endFrame(): void {
    if (opcode === opcodes.close) end()
    else if (opcode === opcodes.ping) onPing(Buffer.from(payload.map((byte, at) => byte ^ (mask?.[at % 4] ?? 0))))
  }

  return (chunk) => {
    for (let at = 0; at < chunk.length && !ended; ) {
      if (left === 0n) {
        takeHead(chunk[at++] ?? 0)
        continue
      }
      const here = left < BigInt(chunk.length - at) ? Number(left) : chunk.length - at
      if (opcode === opcodes.ping) payload.push(...chunk.subarray(at, at + here))
      at += here
      left -= BigInt(here)
      if (left === 0n) endFrame()
    }
  }
}
