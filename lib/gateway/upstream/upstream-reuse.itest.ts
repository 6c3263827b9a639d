import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { asText, cleanUpAfterEach, cleanups, nextTurn, openPool } from '#dev/testing/fixtures/upstream-pool-fixture.ts'

cleanUpAfterEach()

/** Answers each request with the number of connections so far, on a separate thread. */
const countingServer = `
  const { parentPort, workerData } = require('node:worker_threads')
  let connections = 0
  const server = require('node:tls').createServer(workerData, (socket) => {
    connections++
    socket.on('error', () => {})
    socket.on('data', () => {
      const body = String(connections)
      socket.write('HTTP/1.1 200 OK\\r\\nContent-Length: ' + body.length + '\\r\\n\\r\\n' + body)
    })
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`

async function startCountingServer(): Promise<{ port: number; ca: Buffer }> {
  const dir = mkdtempSync(join(tmpdir(), 'spaceport-counting-'))
  cleanups.push(() => rmSync(dir, { recursive: true }))
  const authority = await openAuthority(dir, 'a counting server’s authority')
  const files = await authority.issue('server', { commonName: 'counting', hosts: ['127.0.0.1'], usages: ['server'] })
  const [cert, key] = [readFileSync(files.certFile, 'utf8'), readFileSync(files.keyFile, 'utf8')]
  const worker = new Worker(countingServer, { eval: true, workerData: { cert, key } })
  cleanups.push(() => worker.terminate())
  const [port]: number[] = await once(worker, 'message')
  return { port: port ?? 0, ca: readFileSync(authority.caFile) }
}

/** As a garbage collection does. */
function blockThread(milliseconds: number): void {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

test('a connection is reused when the answer came while the thread was busy', async () => {
  const pool = openPool(await startCountingServer())
  for (let round = 0; round < 5; round++) {
    const answer = asText(pool)
    blockThread(30)
    expect(await answer).toBe('1')
    await nextTurn()
  }
  expect(pool.size().connections).toBe(1)
})
