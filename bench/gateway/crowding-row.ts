import { z } from 'zod'
import { type BenchContext, rounds } from '#bench/bench-context.ts'
import { type Finding, ratioFinding } from '#bench/figures/finding.ts'
import { inRounds } from '#bench/figures/rounds.ts'
import { percentile } from '#bench/figures/statistics.ts'
import { insertPerson } from '#bench/scene/insert-person.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { type Contender, type GatewayScene, headersOf, objectPath } from './gateway-scene.ts'

const seconds = 6

const damageSchema = z.object({ connections: z.number(), answers: z.record(z.string(), z.number()) })

type Attack = { name: string; source: string; path: string; connections: number; token: string; flags?: string[] }

/**
 * The effect of one hostile address and four hostile accounts, all at once and as fast as they can, on a person at
 * another address: the 99th percentile of their requests, compared with a quiet gateway.
 */
export async function measureCrowding(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const attacks = await planAttacks(scene)
  const gateway = await scene.contender('gateway')
  const innocent = () =>
    context.generate({
      url: gateway.url + objectPath(scene.person),
      headers: headersOf(scene.person),
      caFile: scene.ground.caFile,
      connections: 1,
      seconds,
      pauseMs: 10,
    })
  await innocent()
  const { quiet, crowded } = await inRounds(rounds, {
    quiet: innocent,
    crowded: async () => {
      const hostile = attacks.map((attack) => runAttack(context, scene, gateway, attack))
      // Connections and refusals build up.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const load = await innocent()
      context.say((await Promise.all(hostile)).join('; '))
      return load
    },
  })
  const row = (name: string, share: number, max: number) =>
    ratioFinding(
      {
        row: 'crowding',
        what: `one hostile address, four hostile accounts: ${name} of another person, quiet`,
        unit: 'ms',
        ours: crowded.map(({ whole }) => percentile(whole, share)),
        reference: quiet.map(({ whole }) => percentile(whole, share)),
      },
      { max },
    )
  return [row('p50', 0.5, 2), row('p99', 0.99, 2)]
}

async function planAttacks({ ground, person }: GatewayScene): Promise<Attack[]> {
  const accounts = await Promise.all(
    Array.from({ length: 4 }, async (_, at): Promise<Attack> => {
      const hostile = await insertPerson(ground.database.ownerUrl)
      return {
        name: `account ${at + 1}`,
        source: '127.0.0.3',
        path: objectPath(hostile),
        connections: 64,
        token: hostile.token,
      }
    }),
  )
  const stranger = { source: '127.0.0.2', path: objectPath(person), token: 'RANDOM' }
  return [
    ...accounts,
    { ...stranger, name: 'guesses', connections: 64 },
    { ...stranger, name: 'handshakes', connections: 16, flags: ['-reconnect'] },
    { ...stranger, name: 'idle', connections: 500, flags: ['-silent'] },
  ]
}

async function runAttack({ reference }: BenchContext, { ground }: GatewayScene, gateway: Contender, attack: Attack) {
  const { status, stdout, output } = await runCaptured('chrt', [
    // A real attacker's machine would take no CPU time from the gateway's, so these run only when nothing else does.
    ...['--idle', '0', reference, 'hostile', '-url', gateway.url + attack.path, '-ca', ground.caFile],
    ...['-source', attack.source, '-connections', String(attack.connections), '-duration', `${seconds + 2}s`],
    ...['-header', `Authorization: Bearer ${attack.token}`, ...(attack.flags ?? [])],
  ])
  if (status !== 0) throw new Error(`${attack.name}: ${output.trim()}`)
  const { connections, answers } = damageSchema.parse(JSON.parse(stdout))
  const counts = Object.entries(answers).map(([code, count]) => `${code === '0' ? 'none' : code} ×${count}`)
  return `${attack.name}: ${connections} connections, ${counts.join(' ') || 'no answers'}`
}
