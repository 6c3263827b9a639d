import { maxTextBytes, type NamesReader, noNames, note, type Place, places } from './object-names.ts'

const [quote, backslash, colon, comma] = [0x22, 0x5c, 0x3a, 0x2c]
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d]

const isBlank = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
/** A byte of a number, true, false or null. */
const isLiteral = (byte: number) =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x61 && byte <= 0x7a) ||
  byte === 0x2d ||
  byte === 0x2b ||
  byte === 0x2e ||
  byte === 0x45

/** A tree of the keys that lead to relevant texts. */
type Node = { place: Place | undefined; children: Map<string, Node> }
const makeNode = (): Node => ({ place: undefined, children: new Map() })
const root = makeNode()
for (const [path, place] of places) {
  let node = root
  for (const key of path.split('/')) {
    const child: Node = node.children.get(key) ?? makeNode()
    node.children.set(key, child)
    node = child
  }
  node.place = place
}

/** `seen`: the keys that lead to relevant texts, if there were any. */
type Container = { isObject: boolean; node: Node | undefined; seen: Set<string> | undefined }

/** What may come next; `firstKey` and `firstValue` also allow the end of an empty container. */
type Next = 'firstKey' | 'key' | 'colon' | 'firstValue' | 'value' | 'end'

/**
 * Reads JSON by its grammar (RFC 8259), without building objects. Invalid JSON, or a duplicate key on the path to
 * names, is never complete: the API server may read it differently.
 */
export function createJsonNames(): NamesReader {
  const found = noNames()
  const open: Container[] = []
  let node: Node | undefined = root
  let next: Next = 'value'
  let broken = false
  let ended = false
  let inLiteral = false
  let inString = false
  let escaped = false
  /** Of the current string: whether it is relevant, has escapes, and its bytes from earlier chunks. */
  let matters = false
  let hasEscapes = false
  let before: Buffer[] = []
  let beforeBytes = 0

  function endValue(): void {
    next = 'end'
    ended = open.length === 0
  }

  function begin(isObject: boolean): void {
    if (next !== 'value' && next !== 'firstValue') broken = true
    open.push({ isObject, node, seen: undefined })
    next = isObject ? 'firstKey' : 'firstValue'
    if (!isObject) node = node?.children.get('[]')
  }

  function end(isObject: boolean): void {
    const container = open.pop()
    if (container?.isObject !== isObject || (next !== 'end' && next !== (isObject ? 'firstKey' : 'firstValue')))
      broken = true
    node = undefined
    endValue()
  }

  function separate(): void {
    if (next !== 'end') broken = true
    const container = open.at(-1)
    next = container?.isObject ? 'key' : 'value'
    node = container?.isObject ? undefined : container?.node?.children.get('[]')
  }

  function beginString(): void {
    if (next === 'colon' || next === 'end') broken = true
    const isKey = next === 'key' || next === 'firstKey'
    matters = (isKey ? open.at(-1)?.node : node?.place) !== undefined
    inString = true
    hasEscapes = false
  }

  function endString(bytes: Buffer): void {
    inString = false
    let text = ''
    if (matters && beforeBytes + bytes.length <= maxTextBytes) {
      const whole = before.length === 0 ? bytes : Buffer.concat([...before, bytes])
      const said = hasEscapes ? decode(whole) : whole.toString('utf8')
      if (said === undefined) broken = true
      text = said ?? ''
    }
    before = []
    beforeBytes = 0
    if (next === 'key' || next === 'firstKey') {
      const container = open.at(-1)
      node = container?.node?.children.get(text)
      if (node && container) {
        container.seen ??= new Set()
        if (container.seen.has(text)) broken = true
        container.seen.add(text)
      }
      next = 'colon'
      return
    }
    if (node?.place !== undefined) note(found, node.place, text)
    endValue()
  }

  function readString(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (escaped) escaped = false
      else {
        const byte = chunk[at]
        if (byte === backslash) {
          escaped = true
          hasEscapes = true
        } else if (byte === quote) {
          endString(chunk.subarray(from, matters ? at : from))
          return at + 1
        }
      }
    }
    beforeBytes += chunk.length - from
    if (matters && beforeBytes <= maxTextBytes) before.push(Buffer.from(chunk.subarray(from)))
    return chunk.length
  }

  function take(byte: number): void {
    if (inLiteral) {
      if (isLiteral(byte)) return
      inLiteral = false
      endValue()
    }
    if (isBlank(byte)) return
    if (ended) broken = true
    else if (byte === quote) beginString()
    else if (byte === openBrace) begin(true)
    else if (byte === openBracket) begin(false)
    else if (byte === closeBrace) end(true)
    else if (byte === closeBracket) end(false)
    else if (byte === colon) {
      if (next !== 'colon') broken = true
      next = 'value'
    } else if (byte === comma) separate()
    else if (isLiteral(byte) && (next === 'value' || next === 'firstValue')) inLiteral = true
    else broken = true
  }

  return {
    onData(chunk) {
      for (let at = 0; at < chunk.length && !broken; )
        if (inString) at = readString(chunk, at)
        else take(chunk[at++] ?? 0)
    },
    found: () => ({ ...found, complete: ended && !broken }),
  }
}

/** @returns the text of a string with escapes; undefined: it is invalid */
function decode(bytes: Buffer): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${bytes.toString('utf8')}"`)
    return typeof text === 'string' ? text : undefined
  } catch {
    return undefined
  }
}
