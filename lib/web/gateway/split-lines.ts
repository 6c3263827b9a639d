import { StringDecoder } from 'node:string_decoder'

/** Longer lines are split: containers can write lines of any length. */
const maxLineLength = 64 * 1024

/** @returns the lines of a chunked text, without line ends, several at a time */
export async function* splitLines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + decoder.write(Buffer.from(piece))).split('\n')
    rest = lines.pop() ?? ''
    for (; rest.length > maxLineLength; rest = rest.slice(maxLineLength)) lines.push(rest.slice(0, maxLineLength))
    if (lines.length > 0) yield lines
  }
  if (rest !== '') yield [rest]
}
