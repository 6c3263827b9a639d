import type { AdmittedRequest } from '#lib/gateway/admit.ts'
import { keep, type Piece } from '#lib/gateway/upstream/recycled-blocks.ts'
import { createListMarker } from './mark-list-stream.ts'
import { createSpaceEvents, type SpaceEvents } from './space-events.ts'
import { markList, markOf } from './space-set-mark.ts'
import { type AnswerFormat, followEvents, formatOf } from './watch-events.ts'

export type Rewriting = {
  format: AnswerFormat
  /** @returns whether an event of a watch may follow the bytes sent so far */
  atBoundary(): boolean
  /**
   * @param piece is owned by this function
   * @returns what to send now
   * @throws Error when the answer can't be read
   */
  onData(piece: Piece): Piece | undefined
  /** @throws Error when the answer can't be read */
  onEnd(): Buffer | undefined
  /** Of a watch of a person's namespaces. */
  spaces?: SpaceEvents
}

/** For a list that is marked as a whole: far more than the namespaces of one person. */
const maxListBytes = 64 * 1024 * 1024

/** @returns undefined: the answer is passed on unchanged */
export function rewritingOf(
  { target, decision }: Pick<AdmittedRequest, 'target' | 'decision'>,
  status: number,
  fields: readonly string[],
): Rewriting | undefined {
  // Most answers are neither a watch nor a list with the gateway's own rights.
  if (status !== 200 || target.kind !== 'resource' || (target.verb !== 'watch' && decision.as !== 'gateway'))
    return undefined
  const format = formatOf(fields)
  if (format === undefined) return undefined
  const mark = decision.as === 'gateway' ? markOf(decision.spaceIds) : undefined
  if (target.verb === 'watch') {
    if (decision.as !== 'gateway') {
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
    const spaces = createSpaceEvents(format, target, decision.spaceIds)
    return { ...spaces, spaces }
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
