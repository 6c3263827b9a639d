import 'server-only'
import { addToLog, emptyLog, type LogBuffer } from '#lib/features/spaces/model/log-buffer.ts'
import { type LogSource, parseLogEvent } from '#lib/features/spaces/model/log-stream.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'
import { logEvents, logSlots } from './read-logs.ts'

const lastLines = 10
const maxBytes = 32 * 1024
/** An open page waits no longer for secondary information. */
const patienceMs = 5_000

type LastLinesQuery = { space: SpaceKey; source: LogSource; previous: boolean }

/**
 * Reads the last lines of one container’s log, with the rights, limits and queue slots of the log page.
 * @returns the lines, or a note why there are none
 * @throws AppError not_found, forbidden, rate_limited
 */
export async function readLastLines(
  ctx: CallerContext,
  { space, source, previous }: LastLinesQuery,
): Promise<LogBuffer> {
  const place = await locateSpace(ctx, space)
  const release = takeSlot(logSlots, ctx.actor.userId)
  const signal = AbortSignal.timeout(patienceMs)
  const options = { follow: false, previous, tailLines: lastLines, limitBytes: maxBytes }
  try {
    const pieces = await Array.fromAsync(logEvents(ctx, place, { source, number: 0 }, options, signal))
    const events = pieces.flatMap((piece) => piece.split('\n')).flatMap((line) => parseLogEvent(line) ?? [])
    const late = signal.aborted ? [{ source: 0, mark: '!', text: 'The log took too long to load.' } as const] : []
    return addToLog(emptyLog, [...events.filter(({ mark }) => mark !== '.'), ...late], [source.container])
  } finally {
    release()
  }
}
