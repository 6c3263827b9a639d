import { z } from 'zod'
import { runCaptured } from '#dev/process/run-captured.ts'
import { type BenchContext, rounds } from './bench-context.ts'
import { type Finding, ratioFinding } from './finding.ts'
import type { GatewayScene } from './gateway-scene.ts'
import { inRounds } from './rounds.ts'
import { percentile } from './statistics.ts'

const seconds = 6

const damageSchema = z.object({ connections: z.number(), answers: z.record(z.string(), z.number()) })

type Attack = { name: string; source: string; path: string; connections: number; token: string; flags?: string[] }

/**
 * What one hostile address and four hostile accounts, all at once and as fast as they can, do to somebody who works from
 * another address: the 99th percentile of their requests, against the same without attackers.
 */
export async function measureCrowding(context: BenchContext, scene: GatewayScene): Promise<Finding[]> {
  const attacks = await planAttacks(context, scene)
  const innocent = () =>
    context.generate({
      url: scene.gateway.url + scene.objectPath,
      headers: scene.gateway.headers,
      caFile: scene.caFile,
      connections: 1,
      seconds,
      pauseMs: 10,
      pids: scene.gateway.pids(),
    })
  await innocent()
  const { quiet, crowded } = await inRounds(rounds, {
    quiet: innocent,
    crowded: async () => {
      const hostile = attacks.map((attack) => runAttack(context, scene, attack))
      // Connections and refusals build up.
      await new Promise((resolve) => setTimeout(resolve, 1_000))
      const load = await innocent()
      context.say((await Promise.all(hostile)).join('; '))
      return load
    },
  })
  const row = (name: string, share: number, most: number) =>
    ratioFinding(
      {
        row: 'crowding',
        what: `one hostile address, four hostile accounts: ${name} of somebody else, quiet`,
        unit: 'ms',
        ours: crowded.map(({ whole }) => percentile(whole, share)),
        reference: quiet.map(({ whole }) => percentile(whole, share)),
      },
      { most },
    )
  return [row('p50', 0.5, 2), row('p99', 0.99, 2)]
}

async function planAttacks({ scene }: BenchContext, { objectPath }: GatewayScene): Promise<Attack[]> {
  const accounts = await Promise.all(
    Array.from({ length: 4 }, async (_, at): Promise<Attack> => {
      const person = await scene.person()
      const namespace = await scene.space(person)
      return {
        name: `account ${at + 1}`,
        source: '127.0.0.3',
        path: `/api/v1/namespaces/${namespace}/configmaps/settings`,
        connections: 64,
        token: await scene.credential(person),
      }
    }),
  )
  const stranger = { source: '127.0.0.2', path: objectPath, token: 'RANDOM' }
  return [
    ...accounts,
    { ...stranger, name: 'guesses', connections: 64 },
    { ...stranger, name: 'handshakes', connections: 16, flags: ['-reconnect'] },
    { ...stranger, name: 'idle', connections: 500, flags: ['-silent'] },
  ]
}

async function runAttack({ reference }: BenchContext, { gateway, caFile }: GatewayScene, attack: Attack) {
  const { status, stdout, output } = await runCaptured('chrt', [
    // An attacker's own machine would take no processor time from the gateway's: these run when nobody else does.
    ...['--idle', '0', reference, 'hostile', '-url', gateway.url + attack.path, '-ca', caFile],
    ...['-source', attack.source, '-connections', String(attack.connections), '-duration', `${seconds + 2}s`],
    ...['-header', `Authorization: Bearer ${attack.token}`, ...(attack.flags ?? [])],
  ])
  if (status !== 0) throw new Error(`${attack.name}: ${output.trim()}`)
  const { connections, answers } = damageSchema.parse(JSON.parse(stdout))
  const counts = Object.entries(answers).map(([code, count]) => `${code === '0' ? 'none' : code} ×${count}`)
  return `${attack.name}: ${connections} connections, ${counts.join(' ') || 'no answers'}`
}
