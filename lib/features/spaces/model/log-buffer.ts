import { type LogEvent, splitLogLine } from './log-stream.ts'

/**
 * A line on the page. `from`: its pod and container; `source`: their place among those read; `note`: it is about the log,
 * not from it.
 */
export type LogLine = { key: number; from: string; source: number; at: string; says: string; note: boolean }

/** Lines that are rendered together: an unchanged block isn’t rendered again. */
export type LogBlock = { key: number; lines: readonly LogLine[] }

/** The newest lines of logs, limited in lines and characters. */
export type LogBuffer = {
  blocks: readonly LogBlock[]
  lines: number
  characters: number
  /** Whether older lines were dropped. */
  isCut: boolean
  nextKey: number
}

const blockLines = 200
const maxLines = 5_000
const maxCharacters = 4_000_000
/** The most of one line to show. */
const maxLineCharacters = 16_384

export const emptyLog: LogBuffer = { blocks: [], lines: 0, characters: 0, isCut: false, nextKey: 0 }

// ECMA-48, section 5.4: escape sequences for colours and the like, and control characters.
const sequences = /\p{Cc}\[[0-9;?]*[ -/]*[@-~]|(?!\t)\p{Cc}/gu

const lengthOf = (block: LogBlock) => block.lines.reduce((sum, { says }) => sum + says.length, 0)

/**
 * Adds events by time, because the lines of several pods arrive interleaved.
 * @param names of the events’ sources
 * @returns the buffer with them; unchanged blocks are the same objects
 */
export function addToLog(buffer: LogBuffer, events: readonly LogEvent[], names: readonly string[]): LogBuffer {
  if (events.length === 0) return buffer
  let { nextKey } = buffer
  const last = buffer.blocks.at(-1)
  const newest = last?.lines.at(-1)?.at ?? ''
  const fresh = events.map(({ source, mark, text }): LogLine => {
    const { at, says } = mark === ' ' ? splitLogLine(text) : { at: '', says: text }
    return {
      key: nextKey++,
      from: names[source] ?? '',
      source,
      at,
      says: says.replace(sequences, '').slice(0, maxLineCharacters),
      note: mark !== ' ',
    }
  })
  // A line without a time stays behind the line before it.
  let before = newest
  const timed = fresh.map((line) => {
    before = line.at || before
    return { line, by: before }
  })
  timed.sort((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : a.line.key - b.line.key))
  const kept = [...buffer.blocks]
  let lines = timed.map(({ line }) => line)
  if (last && (last.lines.length < blockLines || (timed[0]?.by ?? '') < newest)) {
    kept.pop()
    lines = mergeByTime(last.lines, lines)
  }
  for (let at = 0; at < lines.length; at += blockLines) {
    const key = at === 0 && kept.length < buffer.blocks.length && last ? last.key : nextKey++
    kept.push({ key, lines: lines.slice(at, at + blockLines) })
  }
  return bound({ ...buffer, blocks: kept, nextKey })
}

function mergeByTime(known: readonly LogLine[], fresh: readonly LogLine[]): LogLine[] {
  const merged: LogLine[] = []
  let next = 0
  for (const line of known) {
    for (; next < fresh.length; next++) {
      const one = fresh[next]
      if (!one || one.at === '' || line.at === '' || one.at >= line.at) break
      merged.push(one)
    }
    merged.push(line)
  }
  return [...merged, ...fresh.slice(next)]
}

/** Drops the oldest blocks while the rest still exceeds the limits. */
function bound(buffer: LogBuffer): LogBuffer {
  const blocks = [...buffer.blocks]
  let lines = blocks.reduce((sum, block) => sum + block.lines.length, 0)
  let characters = blocks.reduce((sum, block) => sum + lengthOf(block), 0)
  let { isCut } = buffer
  while (blocks.length > 1 && (lines > maxLines || characters > maxCharacters)) {
    const oldest = blocks.shift()
    if (!oldest) break
    lines -= oldest.lines.length
    characters -= lengthOf(oldest)
    isCut = true
  }
  return { ...buffer, blocks, lines, characters, isCut }
}
