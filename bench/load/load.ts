import { z } from 'zod'
import { processorSeconds } from '#bench/machine/processor-time.ts'
import { runGenerator } from './run-generator.ts'

const reportSchema = z.object({
  seconds: z.number(),
  bytes: z.number(),
  firstByte: z.array(z.number()),
  whole: z.array(z.number()),
})

export type Load = z.infer<typeof reportSchema> & {
  /** Microseconds of the server's processor time per request; NaN if not measured. */
  processorMicros: number
}

export type LoadOptions = {
  url: string
  caFile?: string
  headers?: readonly string[]
  connections: number
  seconds: number
  /** Warm-up before that, in seconds; default 0.3. */
  warmUpSeconds?: number
  /** The pause between an answer and the next request of the same connection; default 0. */
  pauseMs?: number
  /** The server whose processor time is measured. */
  pids?: readonly number[]
}

/** Generates load with the binary of `buildReference`. */
export type Generate = (options: LoadOptions) => Promise<Load>

/** @param binary see bench/reference/build.ts */
export function createGenerator(binary: string): Generate {
  return async ({ url, caFile, headers = [], connections, seconds, warmUpSeconds = 0.3, pauseMs = 0, pids }) => {
    const read = () => (pids === undefined ? Number.NaN : processorSeconds(pids))
    const { report, before, after } = await runGenerator(
      binary,
      [
        ...['load', ...renderTarget(url, caFile, headers), '-connections', String(connections)],
        ...['-warm-up', `${warmUpSeconds}s`, '-duration', `${seconds}s`, '-pause', `${pauseMs}ms`],
      ],
      read,
    )
    const load = reportSchema.parse(report)
    return { ...load, processorMicros: ((after - before) / load.whole.length) * 1e6 }
  }
}

/** @returns a generator's flags for its requests (reference/target.go) */
export const renderTarget = (url: string, caFile: string | undefined, headers: readonly string[]): string[] => [
  ...['-url', url, ...(caFile === undefined ? [] : ['-ca', caFile])],
  ...headers.flatMap((line) => ['-header', line]),
]
