import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import { processorSeconds } from './process-figures.ts'

const reportSchema = z.object({
  seconds: z.number(),
  bytes: z.number(),
  firstByte: z.array(z.number()),
  whole: z.array(z.number()),
})

export type Load = z.infer<typeof reportSchema> & {
  /** Microseconds of the server's processor time per request. */
  processorMicros: number
}

export type LoadOptions = {
  url: string
  caFile?: string
  headers?: readonly string[]
  connections: number
  seconds: number
  /** Between an answer and the next request of the same connection; 0 when absent. */
  pauseMs?: number
  /** Of the server: whose processor time is counted. */
  pids?: readonly number[]
}

/** How a load is made: by the generator that `buildReference` built. */
export type Generate = (options: LoadOptions) => Promise<Load>

/** @param binary see reference/build.ts */
export function createGenerator(binary: string): Generate {
  return async ({ url, caFile, headers = [], connections, seconds, pauseMs = 0, pids = [] }) => {
    const before = processorSeconds(pids)
    const { status, stdout, output } = await runCaptured(binary, [
      'load',
      ...['-url', url, '-connections', String(connections), '-duration', `${seconds}s`, '-pause', `${pauseMs}ms`],
      ...(caFile === undefined ? [] : ['-ca', caFile]),
      ...headers.flatMap((line) => ['-header', line]),
    ])
    if (status !== 0) throw new Error(`${new URL(url).pathname}: ${output.trim()}`)
    const used = processorSeconds(pids) - before
    const report = reportSchema.parse(JSON.parse(stdout))
    return { ...report, processorMicros: (used / report.whole.length) * 1e6 }
  }
}
