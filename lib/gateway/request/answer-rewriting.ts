import type { Admitted } from '#lib/gateway/admit.ts'
import { keep, ownPiece, type Piece } from '#lib/gateway/upstream/recycled-blocks.ts'
import { createListMarker } from './mark-list-stream.ts'
import { markEvent, markList, markOf } from './space-set-mark.ts'
import { type AnswerFormat, createEventReader, followEvents, formatOf } from './watch-events.ts'

/** How the body of an answer changes on its way to the client. */
export type Rewriting = {
  format: AnswerFormat
  /** @returns whether another event of a watch may follow what has been sent */
  atBoundary(): boolean
  /** @param piece is taken over @returns what to send now @throws Error when the answer can't be read */
  onData(piece: Piece): Piece | undefined
  /** @returns the bytes to send at the end @throws Error when the answer can't be read */
  onEnd(): Buffer | undefined
}

/** Of a list that is marked as a whole: far more than the namespaces of one person. */
const maxListBytes = 64 * 1024 * 1024

/** @returns undefined: the answer is passed on unchanged */
export function rewritingOf(
  { target, decision }: Pick<Admitted, 'target' | 'decision'>,
  status: number,
  fields: readonly string[],
): Rewriting | undefined {
  // Most answers are neither a watch nor a list under the gateway's own rights.
  if (status !== 200 || target.kind !== 'resource' || (target.verb !== 'watch' && decision.as !== 'gateway'))
    return undefined
  const format = formatOf(fields)
  if (format === undefined) return undefined
  const mark = decision.as === 'gateway' ? markOf(decision.spaceIds) : undefined
  if (target.verb === 'watch') {
    if (mark === undefined) {
      const follow = followEvents(format)
      let boundary = true
      return {
        format,
        atBoundary: () => boundary,
        onData(piece) {
          boundary = follow(piece.bytes)
          return piece
        },
        onEnd: () => undefined,
      }
    }
    const read = createEventReader(format)
    return {
      format,
      atBoundary: () => true,
      onData(piece) {
        const events = read(keep(piece))
        if (events.length === 0) return undefined
        return ownPiece(Buffer.concat(events.map((event) => markEvent(format, event, mark))))
      },
      onEnd: () => undefined,
    }
  }
  if (mark === undefined) return undefined
  if (format === 'json') return { format, atBoundary: () => false, ...createListMarker(mark, maxListBytes) }
  const chunks: Buffer[] = []
  let size = 0
  return {
    format,
    atBoundary: () => false,
    onData(piece) {
      size += piece.bytes.length
      if (size > maxListBytes) throw new Error('a list of namespaces is too large')
      chunks.push(keep(piece))
      return undefined
    },
    onEnd: () => (size === 0 ? undefined : markList(format, Buffer.concat(chunks), mark)),
  }
}
