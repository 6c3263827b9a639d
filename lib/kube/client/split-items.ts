import { AppError } from '#lib/kernel/model/errors.ts'

type Bounds = {
  /**
   * Limits for the text of one item, and for the whole answer. Longer items are left out: members decide how long
   * theirs are.
   */
  itemBytes: number
  bytes: number
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = [...'"\\{}[]'].map((sign) =>
  sign.charCodeAt(0),
)

/**
 * Splits a list of objects, `{…, "items": [{…}, …]}`, while it arrives. Must never hold more than one of them. Does not
 * validate the text between items; the reader parses each item.
 * @returns the text of each object in an array of the outermost object, except for those that are too long
 * @throws AppError cluster_failed when the answer is too long or incomplete
 */
export async function* splitItems(body: AsyncIterable<Uint8Array>, bounds: Bounds): AsyncGenerator<string> {
  const failure = (detail: string) => new AppError('cluster_failed', { detail: `a list ${detail}` })
  /** The number of open objects and arrays: an item is the third. */
  let depth = 0
  let began = false
  let inArray = false
  let inText = false
  let escaped = false
  let bytes = 0
  let parts: Uint8Array[] | null = null
  let length = 0
  for await (const chunk of body) {
    bytes += chunk.byteLength
    if (bytes > bounds.bytes) throw failure(`is longer than ${bounds.bytes} bytes`)
    let from = 0
    for (let at = 0; at < chunk.byteLength; at++) {
      const sign = chunk[at]
      if (inText) {
        if (escaped) escaped = false
        else if (sign === backslash) escaped = true
        else if (sign === quote) inText = false
      } else if (sign === quote) inText = true
      else if (sign === openBrace || sign === openBracket) {
        depth += 1
        if (depth === 1 && (began || sign !== openBrace)) throw failure('isn’t an object')
        began = true
        if (depth === 2) inArray = sign === openBracket
        if (depth === 3 && inArray && sign === openBrace) {
          parts = []
          length = 0
          from = at
        }
      } else if (sign === closeBrace || sign === closeBracket) {
        depth -= 1
        if (depth === 2 && parts) {
          parts.push(chunk.subarray(from, at + 1))
          length += at + 1 - from
          if (length <= bounds.itemBytes) yield Buffer.concat(parts).toString()
          parts = null
        }
      }
    }
    if (parts) {
      parts.push(chunk.subarray(from))
      length += chunk.byteLength - from
      if (length > bounds.itemBytes) parts = []
    }
  }
  if (!began || depth !== 0 || inText) throw failure('ended early')
}
