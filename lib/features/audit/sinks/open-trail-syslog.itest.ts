import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Authority, openAuthority } from '#dev/cluster/certificates.ts'
import { startSyslogReceiver } from '#dev/testing/network/syslog-receiver.ts'
import { type CloudEvent, renderCloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import { openTrailSyslog } from './open-trail-syslog.ts'

let folder: string
let authority: Authority
let other: Authority
const stops: (() => unknown)[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spaceport-own-'))
  authority = await openAuthority(join(folder, 'ca'), 'test')
  other = await openAuthority(join(folder, 'other'), 'other')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const running = new AbortController().signal

async function receiver(more: { clientsNeedCertificates?: boolean; by?: Authority; host?: string } = {}) {
  const { by = authority, host = 'localhost' } = more
  const certificate = await by.issue(`server-${host}`, { commonName: host, hosts: [host], usages: ['server'] })
  const started = await startSyslogReceiver({ ...more, certificate, caFile: authority.caFile })
  stops.push(started.stop)
  return started
}

type Settings = Partial<Parameters<typeof openTrailSyslog>[0]>
function sink(port: number, more: Settings = {}) {
  const opened = openTrailSyslog({
    url: `tls://localhost:${port}`,
    caFile: authority.caFile,
    certFile: '',
    keyFile: '',
    hostname: 'spaceport.example.com',
    ...more,
  })
  stops.push(opened.close)
  return opened
}

const batch = (count: number, size = 10) => {
  const events = Array.from({ length: count }, (_, index) => {
    const event: CloudEvent = {
      specversion: '1.0',
      id: String(index),
      source: 'x',
      type: 'dev.spaceport.audit.space.create',
      subject: 'x',
      time: '2026-11-26T12:00:00Z',
      datacontenttype: 'application/json',
      data: { text: 'é'.repeat(size) },
    }
    return { event, text: renderCloudEvent(event) }
  })
  return { id: 'x', events, at: new Date() }
}

test('everything arrives in order, and counts as delivered only after that', async () => {
  const { port, events } = await receiver()
  expect(await sink(port).send(batch(2_000, 500), running)).toEqual({ taken: true })
  expect(events().map(({ id }) => Number(id))).toEqual(Array.from({ length: 2_000 }, (_, index) => index))
})

test.each([1, 50, 1_000])('a connection that breaks after %i messages has delivered nothing', async (count) => {
  const { port, behaviour, events } = await receiver()
  behaviour.breaksAfter = count
  const answer = await sink(port).send(batch(2_000, 500), running)
  expect(answer).toMatchObject({ taken: false, why: { kind: 'closed' } })
  behaviour.breaksAfter = 0
  expect(await sink(port).send(batch(2_000, 500), running)).toEqual({ taken: true })
  expect(new Set(events().map(({ id }) => id)).size).toBe(2_000)
})

test('a receiver that reads nothing blocks no longer than the limit', async () => {
  const { port, behaviour } = await receiver()
  behaviour.hangs = true
  const began = performance.now()
  for (const size of [10, 5_000]) {
    const answer = await sink(port, { maxMs: 400 }).send(batch(2_000, size), running)
    expect(answer).toMatchObject({ taken: false })
  }
  expect(performance.now() - began).toBeLessThan(10_000)
})

test('a receiver with an untrusted certificate, or one for another host, gets nothing', async () => {
  for (const options of [{ by: other }, { host: 'elsewhere.test' }]) {
    const { port, received } = await receiver(options)
    expect(await sink(port).send(batch(1), running)).toMatchObject({ taken: false, why: { kind: 'certificate' } })
    expect(received).toEqual([])
  }
})

test('a receiver that requires a client certificate gets ours; without one, nothing counts as delivered', async () => {
  const { port, events } = await receiver({ clientsNeedCertificates: true })
  const answer = await sink(port).send(batch(3), running)
  expect(answer).toMatchObject({ taken: false })
  expect(events()).toEqual([])
  const ours = await authority.issue('client', { commonName: 'spaceport', usages: ['client'] })
  expect(await sink(port, ours).send(batch(3), running)).toEqual({ taken: true })
  expect(events()).toHaveLength(3)
})

test('certificate files are read for each connection, so a missing file can come back', async () => {
  const { port } = await receiver()
  const caFile = join(folder, 'late.crt')
  const late = sink(port, { caFile })
  expect(await late.send(batch(1), running)).toEqual({ taken: false, why: { kind: 'files', code: 'ENOENT' } })
  await writeFile(caFile, await readFile(authority.caFile))
  expect(await late.send(batch(1), running)).toEqual({ taken: true })
})

test('a closed port, and a server without TLS, have failures in words', async () => {
  const deaf = await listening(
    createServer((socket) => {
      socket
        .on('error', () => {})
        .resume()
        .end('220 smtp.example.com\r\n')
    }),
  )
  expect(await sink(deaf.port).send(batch(1), running)).toMatchObject({ taken: false, why: { kind: 'closed' } })
  await deaf.stop()
  expect(await sink(deaf.port).send(batch(1), running)).toEqual({
    taken: false,
    why: { kind: 'unreachable', code: 'ECONNREFUSED' },
  })
})

test('stopping aborts the current batch', async () => {
  const { port, behaviour } = await receiver()
  behaviour.hangs = true
  const stopping = new AbortController()
  const sending = sink(port).send(batch(2_000, 5_000), stopping.signal)
  setTimeout(() => stopping.abort(), 50)
  expect(await sending).toMatchObject({ taken: false })
})

async function listening(server: Server) {
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', () => done()))
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    stop: () => new Promise((done) => server.close(done)),
  }
}
