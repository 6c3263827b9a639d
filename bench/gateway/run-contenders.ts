import { type BenchContext, rounds, warmUpSeconds } from '#bench/bench-context.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import type { Load } from '#bench/load/load.ts'
import { type Contender, type ContenderName, type GatewayScene, headersOf } from './gateway-scene.ts'

type LoadTarget = { path: string; connections: number; seconds: number }

export type Runs = {
  loads: Partial<Record<ContenderName, Load[]>>
  /** Why a contender is missing. */
  missing: Partial<Record<ContenderName, unknown>>
}

/** Warms each contender up, and then runs each in every round. */
export async function runContenders(
  context: BenchContext,
  scene: GatewayScene,
  names: readonly ContenderName[],
  asked: LoadTarget,
): Promise<Runs> {
  const missing: Runs['missing'] = {}
  const run: Record<string, () => Promise<Load>> = {}
  for (const name of names) {
    try {
      const contender = await scene.contender(name)
      await loadOf(context, scene, contender, { ...asked, seconds: 0.1 }, warmUpSeconds)
      run[name] = () => loadOf(context, scene, contender, asked)
    } catch (error) {
      context.say(String(error))
      missing[name] = error
    }
  }
  return { loads: await inRounds<string, Load>(rounds, run), missing }
}

/** Loads one server with one person’s requests. */
export const loadOf = (
  context: BenchContext,
  { ground, person }: GatewayScene,
  contender: Contender,
  { path, connections, seconds }: LoadTarget,
  warmUp?: number,
): Promise<Load> =>
  context.generate({
    url: contender.url + path,
    headers: headersOf(person),
    caFile: ground.caFile,
    connections,
    seconds,
    pids: contender.pids(),
    ...(warmUp !== undefined && { warmUpSeconds: warmUp }),
  })

export const processorOf = (loads: readonly Load[] = []): number[] => loads.map((load) => load.processorMicros)
