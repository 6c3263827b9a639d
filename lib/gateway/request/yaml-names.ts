import { maxTextBytes, type NamesReader, noNames, note, places } from './object-names.ts'

const [newline, blank, dash] = [0x0a, 0x20, 0x2d]
/** A line that may lead to a name: its key, and the rest of the line. */
const entry = /^(kind|metadata|name|generateName|items|rows|object):(?: (.*))?$/
/** The column of the innermost key that leads to a name. */
const maxColumn = 6

/**
 * Reads YAML as the API server writes it (sigs.k8s.io/yaml): block style, two spaces for each level, lists not
 * indented. A multi-line text is indented further than its key, so it never looks like a key of the levels above.
 */
export function createYamlNames(): NamesReader {
  const found = noNames()
  let open: { key: string; column: number }[] = []
  let line: Buffer[] = []
  let lineBytes = 0
  let any = false

  function takeLine(bytes: Buffer): void {
    any = true
    let indent = 0
    while (bytes[indent] === blank) indent++
    const isElement = bytes[indent] === dash && bytes[indent + 1] === blank
    const column = isElement ? indent + 2 : indent
    if (column > maxColumn || column >= bytes.length) return
    // An element of a list begins in the column of the list's own key.
    const outer = isElement ? indent + 1 : column
    if (open.some((one) => one.column >= outer)) open = open.filter((one) => one.column < outer)
    if (bytes.length > maxTextBytes || column !== (open.at(-1)?.column ?? -2) + 2) return
    const [, key, value] = entry.exec(bytes.toString('utf8', column)) ?? []
    if (key === undefined) return
    const place = places.get([...open.map((one) => one.key), key].join('/'))
    open.push({ key: column === 0 && (key === 'items' || key === 'rows') ? `${key}/[]` : key, column })
    if (value !== undefined && place !== undefined) note(found, place, scalar(value))
  }

  function endLine(rest: Buffer): void {
    takeLine(line.length === 0 ? rest : Buffer.concat([...line, rest]))
    line = []
    lineBytes = 0
  }

  /** The start of a long line is enough to see that it is irrelevant. */
  function hold(bytes: Buffer): void {
    if (lineBytes <= maxTextBytes && bytes.length > 0) line.push(Buffer.from(bytes))
    lineBytes += bytes.length
  }

  return {
    onData(chunk) {
      let from = 0
      for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
        endLine(chunk.subarray(from, at))
        from = at + 1
      }
      hold(chunk.subarray(from))
    },
    found() {
      if (lineBytes > 0) endLine(Buffer.alloc(0))
      return { ...found, complete: any }
    },
  }
}

/** @returns the text of a single-line value; empty: it has none */
function scalar(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'")
  if (/^"[^"\\]*"$/.test(value)) return value.slice(1, -1)
  return /^[\w.-]+$/.test(value) ? value : ''
}
