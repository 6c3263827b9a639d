import { type LogEvent, parseLogEvent } from '#lib/features/spaces/model/log-stream.ts'

/** The minimum time between two renderings of the page, in milliseconds. */
const gatherMs = 100

/** Why there is no log, in the portal's words. */
export class LogRefused extends Error {}

/**
 * Reads a stream of logs until it ends.
 * @param onEvents gets the events since the last call
 * @throws LogRefused with the portal's message; fetch errors
 */
export async function readLogStream(
  path: string,
  onEvents: (events: LogEvent[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await fetch(path, { signal, cache: 'no-store' })
  if (!response.ok || !response.body) throw new LogRefused(await refusalOf(response))
  let gathered: LogEvent[] = []
  const emit = () => {
    if (gathered.length > 0) onEvents(gathered)
    gathered = []
  }
  const timer = setInterval(emit, gatherMs)
  try {
    let rest = ''
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      const lines = (rest + piece.value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const event = parseLogEvent(line)
        if (event) gathered.push(event)
      }
    }
  } finally {
    clearInterval(timer)
    if (!signal.aborted) emit()
  }
}

async function refusalOf(response: Response): Promise<string> {
  const answer: unknown = await response.json().catch(() => null)
  if (typeof answer === 'object' && answer !== null && 'message' in answer) return String(answer.message)
  return 'The log can’t be shown right now.'
}
