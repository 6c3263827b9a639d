import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { launcher, projectRoot } from '#dev/project-root.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'

let fixture: BrokerFixture
const children: ChildProcess[] = []
const batches: { id: string; type: string; sequence: string }[][] = []
let onBatch = () => {}
let port: number
const server = createServer((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    batches.push(JSON.parse(Buffer.concat(parts).toString()))
    onBatch()
    response.writeHead(204).end()
  })
  request.on('error', () => {})
})

beforeAll(async () => {
  fixture = await openBrokerFixture()
  ;({ hook: port } = await freePorts('hook'))
  await new Promise<void>((done) => void server.listen(port, 'localhost', () => done()))
})
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  server.closeAllConnections()
  server.close()
  await fixture.close()
})

async function startWorkerProcess(): Promise<ChildProcess> {
  const child = spawn(launcher, ['worker'], {
    cwd: projectRoot,
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      DATABASE_URL: (await ownDatabase()).databaseUrls.worker,
      KUBECONFIG: inject('kubeBroker'),
      SPACEPORT_URL: 'https://spaceport.test',
      SPACEPORT_NAMESPACE_PREFIX: 'none',
      SPACEPORT_TRAIL_WEBHOOK_URL: `http://localhost:${port}/`,
      LOG_LEVEL: 'fatal',
    },
    stdio: 'ignore',
  })
  children.push(child)
  return child
}

test('killing a worker in the middle of a backlog leaves no gap: another continues, and repeated events have the same IDs', async () => {
  const { rows } = await fixture.owner.query<{ id: string }>(
    `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
     SELECT gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok' FROM generate_series(1, 12000) RETURNING id`,
  )
  const wanted = new Set(rows.map(({ id }) => id))
  await fixture.system().pool.query('SELECT seal_trail(100000)')
  const first = await startWorkerProcess()
  const second = await startWorkerProcess()
  let killed = 0
  // Kills the delivering worker after a batch has arrived, but before its answer has.
  onBatch = () => {
    if (batches.length !== 5) return
    for (const child of [first, second]) {
      child.kill('SIGKILL')
      killed++
    }
    void startWorkerProcess()
    void startWorkerProcess()
  }
  const arrived = () => new Set(batches.flat().map(({ id }) => id))
  const missing = () => {
    const now = arrived()
    return [...wanted].filter((id) => !now.has(id)).length
  }
  await expect.poll(missing, { timeout: 150_000, interval: 250 }).toBe(0)
  expect(killed).toBe(2)
  // In the chain's order, apart from repeated events.
  const firsts = [...new Map(batches.flat().map((event) => [event.id, event.sequence])).values()]
  expect(firsts).toEqual([...firsts].sort())
  expect(batches.flat().length).toBeGreaterThan(arrived().size)
}, 200_000)
