import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { Killable, Pairs, Replica } from './start-pairs.ts'

/** How long a kubelet and a load balancer take to notice that a pod is terminating, in milliseconds. */
const noticeMs = 1_000

/**
 * Restarts each process in turn, as a Deployment does: it gets no new connections, then SIGTERM, then starts again.
 * @param observe does the restart, and observes it
 */
export async function rollAll(
  replicas: readonly Replica[],
  report: (line: string) => void,
  observe: (replica: Replica, restart: () => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const replica of replicas) {
    const { name, service, admit } = replica
    report(`restarts ${name}`)
    admit(false)
    await sleep(noticeMs)
    await observe(replica, () => service.restart())
    admit(true)
    await sleep(noticeMs)
  }
}

/**
 * Kills processes with SIGKILL until the time is up, and the database’s primary half-way. All are running at the end.
 */
export async function killAtRandom(
  { killable, failOver }: Pairs,
  random: Random,
  until: number,
  report: (line: string) => void,
): Promise<{ kills: number }> {
  const failOverAt = Date.now() + (until - Date.now()) / 2
  let failedOver = false
  let kills = 0
  const kill = async ({ name, service }: Killable) => {
    report(`kills ${name}`)
    kills++
    await service.kill('SIGKILL')
    await sleep(random.between(200, 3_000))
    await service.restart()
  }
  const ended = new Map<Killable, Promise<void>>()
  while (Date.now() < until) {
    await sleep(random.between(1_000, 6_000))
    if (!failedOver && Date.now() > failOverAt) {
      failedOver = true
      report('kills the primary of Postgres')
      const began = performance.now()
      await failOver()
      report(`the standby accepts writes after ${(performance.now() - began).toFixed(0)} ms`)
    }
    const one = random.pick(killable)
    // Both of a pair may be down at once.
    if (ended.has(one)) continue
    ended.set(
      one,
      kill(one).finally(() => ended.delete(one)),
    )
  }
  await Promise.all(ended.values())
  return { kills }
}
