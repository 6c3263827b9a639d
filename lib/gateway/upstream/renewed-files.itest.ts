import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { beforeEach, expect, test, vi } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import {
  asText,
  cleanUpAfterEach,
  cleanups,
  fault,
  get,
  limits,
  nextTurn,
  type Serve,
  serve,
  sized,
  until,
} from '#dev/testing/fixtures/upstream-pool-fixture.ts'
import { listenAnywhere } from '#dev/testing/network/raw-server.ts'
import { readClusterEndpoints } from './cluster-endpoint.ts'
import { openUpgrade } from './open-upgrade.ts'
import { createRecycledBlocks } from './recycled-blocks.ts'
import { createUpstream } from './upstream.ts'

cleanUpAfterEach()

const answersAll: Serve = (socket, _index, heard) => heard(() => socket.write(sized('x')))
let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'spaceport-renewed-'))
  cleanups.push(() => rmSync(dir, { recursive: true }))
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})

function put(name: string, content: string | Buffer): void {
  writeFileSync(join(dir, 'next'), content)
  renameSync(join(dir, 'next'), join(dir, name))
}

function openUpstream(port: number, user: object) {
  const lines: { msg: string }[] = []
  const kubeconfig = {
    'current-context': 'c',
    clusters: [{ name: 'lab', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority': 'ca.crt' } }],
    users: [{ name: 'gateway', user }],
    contexts: [{ name: 'c', context: { cluster: 'lab', user: 'gateway' } }],
  }
  put('kubeconfig', JSON.stringify(kubeconfig))
  const [endpoint] = readClusterEndpoints(join(dir, 'kubeconfig'), [])
  if (!endpoint) throw new Error('the kubeconfig names no cluster')
  const log = pino({}, { write: (line) => void lines.push(JSON.parse(line)) })
  const upstream = createUpstream(endpoint, { monotonic: () => performance.now(), blocks: createRecycledBlocks(), log })
  cleanups.push(() => upstream.close())
  return { ...upstream, said: () => lines.map(({ msg }) => msg) }
}

const reread = () => vi.advanceTimersByTime(5_000)
const token = { token: 'a-token' }

test('an API server with a certificate of a new authority is reached once that is in the file', async () => {
  const [server, other] = [await serve(answersAll), await serve(answersAll)]
  put('ca.crt', other.ca)
  const { requests, said } = openUpstream(server.port, token)
  expect(await fault(requests.ask(get(), limits))).toBe('connect')
  put('ca.crt', Buffer.concat([other.ca, server.ca]))
  reread()
  expect(await asText(requests)).toBe('x')
  expect(said()).toEqual(['connections to a cluster are made with new files'])
})

test('a server with a certificate of a removed authority gets no further request, even on an idle connection or a resumed session', async () => {
  const resumed: boolean[] = []
  const server = await serve((socket, index, heard) => {
    resumed[index] = socket.isSessionReused()
    heard((text) => socket.write(sized('x', text.includes('/last') ? 'Connection: close\r\n' : '')))
  })
  const other = await serve(answersAll)
  put('ca.crt', server.ca)
  const { requests, connection } = openUpstream(server.port, token)
  await asText(requests, '/last')
  // The session's ticket comes after the answer.
  await until(async () => {
    await asText(requests, '/last')
    return resumed.includes(true)
  })
  await asText(requests)
  await nextTurn()
  expect(requests.size().connections).toBe(1)
  const heard = server.received.join('')

  put('ca.crt', other.ca)
  const before = connection()
  reread()
  expect(requests.size().connections).toBe(0)
  expect(connection()).not.toBe(before)
  expect(await fault(requests.ask(get(), limits))).toBe('connect')
  expect(server.received.join('')).toBe(heard)
})

test('a server that presents it only after the change gets no request or upgrade either', async () => {
  const held = Promise.withResolvers<void>()
  const server = await serve((_socket, _index, heard) => heard(() => {}))
  const gate = net.createServer((client) => {
    const onward = net.connect(server.port, '127.0.0.1')
    for (const socket of [client, onward]) {
      socket.on('error', () => {})
      cleanups.push(() => socket.destroy())
    }
    onward.pipe(client)
    void held.promise.then(() => client.pipe(onward))
  })
  cleanups.push(() => gate.close())
  const port = await listenAnywhere(gate)
  const other = await serve(answersAll)
  put('ca.crt', server.ca)
  const { requests, streams, connection } = openUpstream(port, token)
  const asked = [
    requests.ask(get('/', { method: 'POST', body: Buffer.from('change') }), limits),
    streams.ask(get(), limits),
    openUpgrade(connection, { method: 'GET', head: 'upgrade' }, limits),
  ]
  put('ca.crt', other.ca)
  reread()
  held.resolve()
  expect(await Promise.all(asked.map(fault))).toEqual(['connect', 'connect', 'connect'])
  expect(server.received.join('')).toBe('')
  expect(requests.size()).toEqual({ connections: 0, waiting: 0 })
})

test('a running request gets its answer, and the next one opens a new connection', async () => {
  const answers: (() => void)[] = []
  const server = await serve((socket, _index, heard) => heard(() => answers.push(() => socket.write(sized('x')))))
  const other = await serve(answersAll)
  put('ca.crt', server.ca)
  const { requests } = openUpstream(server.port, token)
  const asked = asText(requests)
  await until(() => answers.length === 1)
  put('ca.crt', Buffer.concat([server.ca, other.ca]))
  reread()
  answers[0]?.()
  expect(await asked).toBe('x')
  await nextTurn()
  expect(requests.size().connections).toBe(0)
  const next = asText(requests)
  await until(() => answers.length === 2)
  answers[1]?.()
  expect(await next).toBe('x')
  expect(server.received).toHaveLength(2)
})

test.each(['', 'no certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
  'a file that contains “%s” changes nothing, and is logged once',
  async (text) => {
    const server = await serve(answersAll)
    put('ca.crt', server.ca)
    const { requests, said } = openUpstream(server.port, token)
    const unusable = 'the files for connections to a cluster can’t be used; the previous ones stay in use'
    put('ca.crt', text)
    reread()
    reread()
    expect(await asText(requests)).toBe('x')
    expect(said()).toEqual([unusable])
    rmSync(join(dir, 'ca.crt'))
    reread()
    expect(await asText(requests)).toBe('x')
    expect(said()).toEqual([unusable, unusable])
    put('ca.crt', server.ca)
    reread()
    expect(said()).toHaveLength(2)
  },
)

test('a replaced client certificate is used on the next connection', async () => {
  const authority = await openAuthority(join(dir, 'clients'), 'an authority of clients')
  const issue = async (commonName: string) => {
    const files = await authority.issue(commonName, { commonName, usages: ['client'] })
    put('tls.key', readFileSync(files.keyFile))
    put('tls.crt', readFileSync(files.certFile))
  }
  const server = await serve(
    (socket, _index, heard) => {
      const { CN } = socket.getPeerCertificate().subject
      heard(() => socket.write(sized(String(CN))))
    },
    { requestCert: true, ca: readFileSync(authority.caFile) },
  )
  put('ca.crt', server.ca)
  await issue('first')
  const { requests } = openUpstream(server.port, { 'client-certificate': 'tls.crt', 'client-key': 'tls.key' })
  expect(await asText(requests)).toBe('first')
  await issue('second')
  reread()
  expect(await asText(requests)).toBe('second')
})
