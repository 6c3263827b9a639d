/**
 * Marks a JSON list of namespaces as it streams through (space-set-mark.ts), without parsing it: for 8 MB, parsing takes
 * three times the CPU, and holds the whole list. It relies on how the API server writes JSON: compact, a list's metadata
 * before its items, `uid` directly before `resourceVersion` in an object's metadata. A list that starts differently is
 * parsed as a whole. An object that is written differently stays unmarked, and a watch from its version is refused as
 * expired. Must never change anything else: in annotations and labels, which are sorted, `uid` comes after
 * `resourceVersion`, and quotes inside strings are escaped.
 */
import { markList, markToken, markVersion } from './space-set-mark.ts'

/** Kind, version and metadata of a list or a table, up to the end of its metadata. */
const head =
  /^\{"kind":"[A-Za-z]+","apiVersion":"[a-z0-9./]+","metadata":\{(?:"resourceVersion":"(\d*)")?(?:,?"continue":"([\w+/=-]*)")?(?:,?"remainingItemCount":\d+)?\}/
/** Continue tokens are some hundred bytes long. */
const maxHeadBytes = 16 * 1024

const needle = Buffer.from('","resourceVersion":"')
const uidField = Buffer.from('"uid":"')
const uidBytes = 36
const beforeBytes = uidField.length + uidBytes
/** As long as a version of 64 bits is in digits, and the quote behind it. */
const maxVersionBytes = 21
const quote = 0x22

export type ListMarker = {
  /** @param chunk stays as it is @returns what goes out now; undefined: nothing yet */
  onData(chunk: Buffer): Buffer | undefined
  /** @returns what goes out at the end */
  onEnd(): Buffer | undefined
}

/** @param maxBytes of a list that has to be parsed as a whole @throws (from onData, onEnd) Error when it can't be read */
export function createListMarker(mark: string, maxBytes: number): ListMarker {
  let state: 'head' | 'items' | 'whole' = 'head'
  let held: Buffer[] = []
  let heldBytes = 0

  const hold = (bytes: Buffer): undefined => {
    if (bytes.length === 0) return
    heldBytes += bytes.length
    if (heldBytes > maxBytes) throw new Error('a list of namespaces is too large')
    held.push(bytes)
  }
  const takeHeld = (): Buffer => {
    const all = held.length === 1 && held[0] ? held[0] : Buffer.concat(held)
    held = []
    heldBytes = 0
    return all
  }

  /** @returns the marked head, or undefined while it is not known whether it can be marked */
  function markHead(data: Buffer): Buffer | undefined {
    const text = data.toString('latin1', 0, maxHeadBytes)
    const [all, version = '', token = ''] = head.exec(text) ?? []
    if (all === undefined) {
      if (data.length >= maxHeadBytes) state = 'whole'
      return hold(data)
    }
    state = 'items'
    const marked = all
      .replace(`"resourceVersion":"${version}"`, `"resourceVersion":"${markVersion(version, mark)}"`)
      .replace(`"continue":"${token}"`, `"continue":"${markToken(token, mark)}"`)
    const items = markItems(data.subarray(all.length))
    return items ? Buffer.concat([Buffer.from(marked, 'latin1'), items]) : Buffer.from(marked, 'latin1')
  }

  function markItems(data: Buffer): Buffer | undefined {
    const ends: number[] = []
    /** All up to here has been looked at. */
    let done = 0
    let at = data.indexOf(needle)
    for (; at >= 0; at = data.indexOf(needle, done)) {
      const from = at + needle.length
      const to = data.indexOf(quote, from)
      // Its version goes on in the next chunk.
      if (to < 0 && data.length - from < maxVersionBytes) break
      done = to < 0 ? from : to
      if (isVersion(data, from, to) && isBehindUid(data, at)) ends.push(to)
    }
    const open = at >= 0 ? at : data.length - needle.length + 1
    const kept = Math.max(done, open - beforeBytes)
    hold(data.subarray(kept))
    return insert(data.subarray(0, kept), ends, mark)
  }

  return {
    onData(chunk) {
      hold(chunk)
      if (state === 'whole') return undefined
      const data = takeHeld()
      return state === 'head' ? markHead(data) : markItems(data)
    },
    onEnd() {
      if (heldBytes === 0) return undefined
      const data = takeHeld()
      return state === 'items' ? data : markList('json', data, mark)
    },
  }
}

function isVersion(data: Buffer, from: number, to: number): boolean {
  if (to <= from || to - from >= maxVersionBytes) return false
  for (let at = from; at < to; at++) {
    const digit = data[at] ?? 0
    if (digit < 0x30 || digit > 0x39) return false
  }
  return !(to - from === 1 && data[from] === 0x30)
}

/** @returns whether a field `uid` ends at the quote at `at` */
function isBehindUid(data: Buffer, at: number): boolean {
  const start = at - beforeBytes
  if (start < 0) return false
  for (let i = 0; i < uidField.length; i++) if (data[start + i] !== uidField[i]) return false
  for (let i = at - uidBytes; i < at; i++) {
    const byte = data[i] ?? 0
    const isHex = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66)
    if (!isHex && byte !== 0x2d) return false
  }
  return true
}

/** @param text ASCII @returns a copy of `data` with `text` at each of the positions; undefined: it is empty */
function insert(data: Buffer, positions: readonly number[], text: string): Buffer | undefined {
  if (data.length === 0) return undefined
  const result = Buffer.allocUnsafe(data.length + positions.length * text.length)
  let from = 0
  let at = 0
  for (const position of positions) {
    at += data.copy(result, at, from, position)
    at += result.write(text, at, 'latin1')
    from = position
  }
  data.copy(result, at, from)
  return result
}
