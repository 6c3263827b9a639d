import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import { join } from 'node:path'
import tls from 'node:tls'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { renderKubeconfig } from '#lib/features/credentials/model/render-kubeconfig.ts'

type Fixture = Awaited<ReturnType<typeof openGatewayFixture>>

let fixture: Fixture
beforeAll(async () => {
  fixture = await openGatewayFixture()
})
afterAll(() => fixture?.close())

/** Mounts a secret as Kubernetes does: one folder per version, and a link that switches between them. */
function mountSecret() {
  const dir = mkdtempSync(join(fixture.dir, 'secret-'))
  const paths = { GATEWAY_TLS_CERT: join(dir, 'tls.crt'), GATEWAY_TLS_KEY: join(dir, 'tls.key') }
  symlinkSync('..data/tls.crt', paths.GATEWAY_TLS_CERT)
  symlinkSync('..data/tls.key', paths.GATEWAY_TLS_KEY)
  let count = 0
  return {
    paths,
    swap(files: { certFile: string; keyFile: string }) {
      const state = `..state-${count++}`
      mkdirSync(join(dir, state))
      copyFileSync(files.certFile, join(dir, state, 'tls.crt'))
      copyFileSync(files.keyFile, join(dir, state, 'tls.key'))
      symlinkSync(state, join(dir, '..data-new'))
      renameSync(join(dir, '..data-new'), join(dir, '..data'))
    },
  }
}

async function greeted(port: number): Promise<string> {
  const socket = tls.connect({ host: '127.0.0.1', port, ca: fixture.ca })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  const { CN } = socket.getPeerCertificate().subject
  socket.destroy()
  return String(CN)
}

async function ask(port: number, path: string, agent: https.Agent, token = '') {
  const headers = { authorization: `Bearer ${token}` }
  const request = https.get({ host: '127.0.0.1', port, ca: fixture.ca, path, agent, headers })
  request.on('error', () => {})
  const [response] = await once(request, 'response')
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode, body, reused: request.reusedSocket }
}

const soon = { timeout: 30_000, interval: 100 }

test('a new certificate is used without a restart, open connections continue, and a broken one changes nothing', async () => {
  const [first, second, third] = await Promise.all(['first', 'second', 'third'].map(fixture.certificate))
  if (!first || !second || !third) throw new Error('no certificates')
  const secret = mountSecret()
  secret.swap(first)
  const logged: string[] = []
  const warnings = () => logged.filter((line) => line.includes('the previous one stays in use')).length
  const log = pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) })
  const gateway = await fixture.start(secret.paths, log)
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 })
  // A connection stays open once a valid credential was presented on it.
  const { token } = await fixture.credential(await fixture.person('kept'))
  const version = '/clusters/default/version'
  try {
    expect(await greeted(gateway.port)).toBe('first')
    expect(await ask(gateway.port, version, agent, token)).toMatchObject({ status: 200, reused: false })

    secret.swap(second)
    await vi.waitFor(async () => expect(await greeted(gateway.port)).toBe('second'), soon)
    expect(await ask(gateway.port, version, agent, token)).toMatchObject({ status: 200, reused: true })
    const endsAt = new X509Certificate(readFileSync(second.certFile)).validToDate.getTime() / 1_000
    const metrics = await fetch(`http://127.0.0.1:${gateway.adminPort}/metrics`)
    expect(await metrics.text()).toContain(`\nspaceport_gateway_certificate_expiry_timestamp_seconds ${endsAt}\n`)

    const half = join(fixture.dir, 'half.key')
    writeFileSync(half, readFileSync(third.keyFile, 'utf8').slice(0, 90))
    const empty = join(fixture.dir, 'empty.crt')
    writeFileSync(empty, '')
    for (const broken of [
      { certFile: third.certFile, keyFile: first.keyFile },
      { certFile: third.certFile, keyFile: half },
      { certFile: empty, keyFile: third.keyFile },
    ]) {
      const before = warnings()
      secret.swap(broken)
      await vi.waitFor(() => expect(warnings()).toBeGreaterThan(before), soon)
      expect(await greeted(gateway.port)).toBe('second')
    }
    expect(logged.join()).not.toContain('PRIVATE KEY')

    secret.swap(third)
    await vi.waitFor(async () => expect(await greeted(gateway.port)).toBe('third'), soon)
    expect(await ask(gateway.port, version, agent, token)).toMatchObject({ status: 200, reused: true })
  } finally {
    agent.destroy()
    await gateway.stop()
  }
})

test('kubeconfigs that trust both CAs work before and after the gateway switches; others do not', async () => {
  const next = await openAuthority(join(fixture.dir, 'next-pki'), 'next')
  const of = { commonName: 'gateway', hosts: ['127.0.0.1'], usages: ['server'] } as const
  const [former, following] = await Promise.all([fixture.certificate('former'), next.issue('following', of)])
  const secret = mountSecret()
  secret.swap(former)
  const gateway = await fixture.start(secret.paths)
  const person = await fixture.person('carrier')
  const { token } = await fixture.credential(person)
  const nextCa = readFileSync(next.caFile, 'utf8')
  const carrying = (name: string, ca: string) => {
    const kubeconfig = join(fixture.dir, `${name}.kubeconfig`)
    const gatewayUrl = `https://127.0.0.1:${gateway.port}`
    const spaces = [{ cluster: 'default', name: 'one', namespace: 'one' }]
    writeFileSync(kubeconfig, renderKubeconfig({ gatewayUrl, ca, handle: person.handle, token, spaces }))
    return async () => {
      const ran = await fixture.kubectl(kubeconfig, ['get', '--raw', '/version'])
      return ran.code === 0 ? 'works' : /unknown authority/.test(ran.all) ? 'unknown authority' : ran.all
    }
  }
  const ask = { former: carrying('former', fixture.ca), both: carrying('both', fixture.ca + nextCa) }
  try {
    expect([await ask.former(), await ask.both()]).toEqual(['works', 'works'])
    secret.swap(following)
    await vi.waitFor(async () => expect(await ask.former()).toBe('unknown authority'), soon)
    expect(await ask.both()).toBe('works')
    expect(await carrying('next', nextCa)()).toBe('works')
  } finally {
    await gateway.stop()
  }
})

test('a gateway with a key that doesn’t match its certificate refuses to start, with the reason', async () => {
  const [one, other] = await Promise.all(['one', 'other'].map(fixture.certificate))
  if (!one || !other) throw new Error('no certificates')
  await expect(fixture.start({ GATEWAY_TLS_CERT: one.certFile, GATEWAY_TLS_KEY: other.keyFile })).rejects.toThrow(
    /GATEWAY_TLS_CERT is not usable: .* do not contain a certificate and its key \(the key does not match the certificate\)/,
  )
})
