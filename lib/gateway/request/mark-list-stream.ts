/**
 * Marks a JSON list of namespaces as it streams through (space-set-mark.ts). Parsing would take many times the CPU, and
 * hold the whole list. It relies on how the API server writes JSON: compact, a list's metadata before its items, `uid`
 * directly before `resourceVersion` in an object's metadata. A list with another start is parsed as a whole. An object
 * in another form stays unmarked, and a watch from its version is refused as expired. Must never change anything else:
 * in annotations and labels, which are sorted, `uid` comes after `resourceVersion`, and quotes inside strings are
 * escaped.
 */
import { blockBytes, createRecycledBlocks, keep, ownPiece, type Piece } from '#lib/gateway/upstream/recycled-blocks.ts'
import { markList, markToken, markVersion } from './space-set-mark.ts'

/** Kind, version and metadata of a list or a table, up to the end of its metadata. */
const head =
  /^\{"kind":"[A-Za-z]+","apiVersion":"[a-z0-9./]+","metadata":\{(?:"resourceVersion":"(\d*)")?(?:,?"continue":"([\w+/=-]*)")?(?:,?"remainingItemCount":\d+)?\}/
const maxHeadBytes = 16 * 1024

/** Only the end of the field's name: its first letter is rare, so the search costs a third. */
const needle = Buffer.from('Version":"')
const uidField = Buffer.from('"uid":"')
const uidBytes = 36
const fieldStart = Buffer.from('","resource')
/** From the start of `uid` to the needle. */
const beforeBytes = uidField.length + uidBytes + fieldStart.length
/** The digits of a 64-bit version, and the closing quote. */
const maxVersionBytes = 21
const quote = 0x22

/** At most this much is held back: a version that continues in the next piece, and the field `uid` before it. */
const maxTailBytes = beforeBytes + needle.length + maxVersionBytes

/** Each piece is scanned here, after the bytes held back from the one before. */
const work = Buffer.allocUnsafeSlow(maxTailBytes + blockBytes)

/** Marks are shorter than the fields between them, so a marked piece fits into one of these. */
const markedBlocks = createRecycledBlocks(2 * blockBytes)

export type ListMarker = {
  /**
   * @param piece is owned by this function
   * @returns what to send now; undefined: nothing yet
   */
  onData(piece: Piece): Piece | undefined
  onEnd(): Buffer | undefined
}

/**
 * @param maxBytes of a list that must be parsed as a whole
 * @throws (from onData, onEnd) Error when it can't be read
 */
export function createListMarker(mark: string, maxBytes: number): ListMarker {
  let state: 'head' | 'items' | 'whole' = 'head'
  /** The bytes until the head is known, or of a list that is parsed as a whole. */
  let held: Buffer[] = []
  let heldBytes = 0
  const tail = Buffer.allocUnsafe(maxTailBytes)
  let tailBytes = 0

  const hold = (bytes: Buffer) => {
    heldBytes += bytes.length
    if (heldBytes > maxBytes) throw new Error('a list of namespaces is too large')
    held.push(bytes)
  }
  const joinHeld = () => (held.length === 1 && held[0] ? held[0] : Buffer.concat(held))

  function markHead(): Piece | undefined {
    const data = joinHeld()
    const text = data.toString('latin1', 0, maxHeadBytes)
    const [all, version = '', token = ''] = head.exec(text) ?? []
    if (all === undefined) {
      held = [data]
      if (data.length >= maxHeadBytes) state = 'whole'
      return undefined
    }
    state = 'items'
    held = []
    const marked = all
      .replace(`"resourceVersion":"${version}"`, `"resourceVersion":"${markVersion(version, mark)}"`)
      .replace(`"continue":"${token}"`, `"continue":"${markToken(token, mark)}"`)
    return markItems(marked, data.subarray(all.length))
  }

  /** @param before is sent first, unchanged: ASCII */
  function markItems(before: string, data: Buffer): Piece | undefined {
    const ends: number[] = []
    let done = 0
    let at = data.indexOf(needle)
    for (; at >= 0; at = data.indexOf(needle, done)) {
      const from = at + needle.length
      const to = endOfDigits(data, from)
      if (to === data.length && to - from < maxVersionBytes) break
      done = to
      if (data[to] === quote && isBehindUid(data, at) && isVersion(data, from, to)) ends.push(to)
    }
    const open = at >= 0 ? at : data.length - needle.length + 1
    const kept = Math.max(done, open - beforeBytes)
    tailBytes = data.copy(tail, 0, kept)
    return insert(before, data.subarray(0, kept), ends, mark)
  }

  return {
    onData(piece) {
      if (state === 'items') {
        const data = join(tail.subarray(0, tailBytes), piece.bytes)
        piece.release()
        return markItems('', data)
      }
      hold(keep(piece))
      return state === 'head' ? markHead() : undefined
    },
    onEnd() {
      if (state === 'items') return tailBytes > 0 ? tail.subarray(0, tailBytes) : undefined
      return heldBytes > 0 ? markList('json', joinHeld(), mark) : undefined
    },
  }
}

/** @returns a buffer that is valid until the next call */
function join(tail: Buffer, bytes: Buffer): Buffer {
  const length = tail.length + bytes.length
  if (length > work.length) return Buffer.concat([tail, bytes])
  tail.copy(work)
  bytes.copy(work, tail.length)
  return work.subarray(0, length)
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39

function endOfDigits(data: Buffer, from: number): number {
  let at = from
  while (isDigit(data[at])) at++
  return at
}

/** @returns whether these digits are a version; 0 means none */
function isVersion(data: Buffer, from: number, to: number): boolean {
  const digits = to - from
  return digits > 0 && digits < maxVersionBytes && !(digits === 1 && data[from] === 0x30)
}

function isBehindUid(data: Buffer, at: number): boolean {
  const start = at - beforeBytes
  const uidEnd = at - fieldStart.length
  if (start < 0 || !hasAt(data, uidEnd, fieldStart) || !hasAt(data, start, uidField)) return false
  for (let i = uidEnd - uidBytes; i < uidEnd; i++) {
    const byte = data[i] ?? 0
    if (!isDigit(byte) && !(byte >= 0x61 && byte <= 0x66) && byte !== 0x2d) return false
  }
  return true
}

function hasAt(data: Buffer, at: number, bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if (data[at + i] !== bytes[i]) return false
  return true
}

/**
 * @param text ASCII
 * @returns a copy with `text` inserted at each position; undefined: it is empty
 */
function insert(before: string, data: Buffer, positions: readonly number[], text: string): Piece | undefined {
  const length = before.length + data.length + positions.length * text.length
  if (length === 0) return undefined
  const inBlock = length <= 2 * blockBytes
  const result = inBlock ? markedBlocks.take() : Buffer.allocUnsafe(length)
  let at = result.write(before, 'latin1')
  let from = 0
  for (const position of positions) {
    at += data.copy(result, at, from, position)
    for (let i = 0; i < text.length; i++) result[at++] = text.charCodeAt(i)
    from = position
  }
  data.copy(result, at, from)
  return inBlock ? markedBlocks.lend(result, length) : ownPiece(result)
}
