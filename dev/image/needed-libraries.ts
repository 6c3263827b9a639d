import { readFileSync } from 'node:fs'

/* The dynamic section of 64-bit little-endian ELF files, as described in the System V ABI and elf(5). `ldd` works
 * only for the machine's own processor. */

const segmentInterpreter = 3
const segmentLoad = 1
const segmentDynamic = 2
const tagNeeded = 1n
const tagStrings = 5n

type Segment = { type: number; offset: number; address: bigint; size: number }

/**
 * @param file a program or a shared library
 * @returns the names of the libraries that its loader looks for, and the loader's path for a program: `libm.so.6`,
 * `/lib/ld-linux-aarch64.so.1`
 * @throws Error when it is not a 64-bit little-endian ELF file
 */
export function readNeededLibraries(file: string): { needed: string[]; interpreter: string | null } {
  const bytes = readFileSync(file)
  if (bytes.toString('latin1', 0, 6) !== '\x7fELF\x02\x01')
    throw new Error(`${file} is not a 64-bit little-endian ELF file.`)
  const segments = readSegments(bytes)
  const text = (at: number) => bytes.toString('utf8', at, bytes.indexOf(0, at))
  const loader = segments.find(({ type }) => type === segmentInterpreter)
  const dynamic = segments.find(({ type }) => type === segmentDynamic)
  const entries = dynamic === undefined ? [] : readEntries(bytes, dynamic)
  const address = entries.find(({ tag }) => tag === tagStrings)?.value
  const strings = address === undefined ? 0 : offsetOf(segments, address)
  return {
    needed: entries.filter(({ tag }) => tag === tagNeeded).map(({ value }) => text(strings + Number(value))),
    interpreter: loader === undefined ? null : text(loader.offset),
  }
}

function readSegments(bytes: Buffer): Segment[] {
  const [first, size, count] = [Number(bytes.readBigUInt64LE(32)), bytes.readUInt16LE(54), bytes.readUInt16LE(56)]
  return Array.from({ length: count }, (_, i) => {
    const at = first + i * size
    return {
      type: bytes.readUInt32LE(at),
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      address: bytes.readBigUInt64LE(at + 16),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    }
  })
}

const readEntries = (bytes: Buffer, { offset, size }: Segment) =>
  Array.from({ length: size / 16 }, (_, i) => ({
    tag: bytes.readBigInt64LE(offset + i * 16),
    value: bytes.readBigUInt64LE(offset + i * 16 + 8),
  }))

function offsetOf(segments: readonly Segment[], address: bigint): number {
  const segment = segments.find(
    (one) => one.type === segmentLoad && address >= one.address && address < one.address + BigInt(one.size),
  )
  if (segment === undefined) throw new Error(`No segment holds the address ${address}.`)
  return segment.offset + Number(address - segment.address)
}
