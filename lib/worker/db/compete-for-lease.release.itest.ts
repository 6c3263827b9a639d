import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { competeForLease } from './compete-for-lease.ts'

const running: { stop(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((lease) => lease.stop()))
})

/** @returns a promise that resolves when this process holds the lease, and a function to release it */
async function compete(name: string) {
  const state = { holds: false, times: 0, troubles: [] as unknown[], giveBack: () => {} }
  const lease = competeForLease({
    databaseUrl: (await ownDatabase()).databaseUrls.worker,
    applicationName: `lease-${name}`,
    name,
    onTrouble: (error) => state.troubles.push(error),
    hold: (signal) =>
      new Promise((resolve) => {
        const end = () => {
          state.holds = false
          resolve()
        }
        state.holds = true
        state.times++
        state.giveBack = end
        signal.addEventListener('abort', end)
      }),
  })
  running.push(lease)
  return { state, lease }
}

async function competeElsewhere(name: string) {
  const { databaseUrls } = await ownDatabase()
  const script = `
    import { competeForLease } from '${projectRoot}/lib/worker/db/compete-for-lease.ts'
    competeForLease({
      databaseUrl: process.argv[1], applicationName: 'elsewhere', name: process.argv[2], onTrouble: () => {},
      hold: (signal) => { console.log('held'); return new Promise((resolve) => signal.addEventListener('abort', () => { console.log('lost'); resolve() })) },
    })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, databaseUrls.worker, name], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(...chunk.toString().trim().split('\n')))
  running.push({
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  })
  await vi.waitFor(() => expect(said).toEqual(['held']), 20_000)
  return { child, said }
}

const within = async (ms: number, check: () => void): Promise<void> =>
  void (await vi.waitFor(check, { timeout: ms, interval: 20 }))

test('one of several holds a lease; another gets it when the holder gives it back or stops', async () => {
  const first = await compete('given')
  await within(20_000, () => expect(first.state.holds).toBe(true))
  const second = await compete('given')
  await new Promise((done) => setTimeout(done, 2_500))
  expect(second.state.times).toBe(0)
  first.state.giveBack()
  await within(20_000, () => expect(second.state.holds).toBe(true))
  await new Promise((done) => setTimeout(done, 4_500))
  expect(first.state.times).toBe(1)
  await second.lease.stop()
  expect(second.state.holds).toBe(false)
  await within(20_000, () => expect(first.state.holds).toBe(true))
})

test('leases of different names have different holders', async () => {
  const one = await compete('one')
  const other = await compete('other')
  await within(20_000, () => expect([one.state.holds, other.state.holds]).toEqual([true, true]))
})

test('another process holds the lease of a killed one within seconds', async () => {
  const takeOver = async () => {
    const name = uniqueName('killed')
    const { child } = await competeElsewhere(name)
    const { state } = await compete(name)
    await new Promise((done) => setTimeout(done, 1_500))
    expect(state.times).toBe(0)
    const began = performance.now()
    child.kill('SIGKILL')
    await within(20_000, () => expect(state.holds).toBe(true))
    return performance.now() - began
  }
  expect(await fastestOfThree(5_000, takeOver)).toBeLessThan(5_000)
})

test('another process holds the lease of a hanging one within ten seconds, and the first one notices', async () => {
  const takeOver = async () => {
    const name = uniqueName('hung')
    const { child, said } = await competeElsewhere(name)
    const { state } = await compete(name)
    const began = performance.now()
    child.kill('SIGSTOP')
    await within(30_000, () => expect(state.holds).toBe(true))
    const took = performance.now() - began
    child.kill('SIGCONT')
    await within(30_000, () => expect(said).toEqual(['held', 'lost']))
    await new Promise((done) => setTimeout(done, 2_500))
    expect(said).toEqual(['held', 'lost'])
    expect(state.times).toBe(1)
    return took
  }
  expect(await fastestOfThree(15_000, takeOver)).toBeLessThan(15_000)
})

test('a holder that loses its connection loses the lease, reports it, and competes again', async () => {
  const { databaseUrls } = await ownDatabase()
  const { state } = await compete('cut')
  await within(20_000, () => expect(state.holds).toBe(true))
  await ownerSql(
    databaseUrls.worker,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lease-cut'`,
  )
  await within(30_000, () => expect(state.troubles).toHaveLength(1))
  await within(30_000, () => expect([state.holds, state.times]).toEqual([true, 2]))
})
