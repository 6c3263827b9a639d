import { cpSync, existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { readKubeconfigContext } from '#dev/cluster/read-kubeconfig-context.ts'
import { freePorts } from '#dev/ports/free-ports.ts'
import { runCaptured } from '#dev/process/run-captured.ts'
import { projectRoot } from '#dev/project-root.ts'
import { renderEnvironment } from '#dev/stack/environment.ts'
import { type Service, startService } from '#dev/stack/service.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { buildWeb } from './build-web.ts'

/** Everything in a built checkout that production needs. */
const shipped = ['bin', 'lib', 'prisma', 'package.json', 'package-lock.json', '.npmrc', '.next/standalone']

const names = ['web', 'gateway', 'worker'] as const
const dir = mkdtempSync(join(tmpdir(), 'spaceport-production-'))
const install = join(dir, 'spaceport')
const launcher = join(install, 'bin', 'spaceport')
const started: Service[] = []
const healthUrls = new Map<string, string>()
let ca = ''
let installed: Awaited<ReturnType<typeof runCaptured>>

beforeAll(async () => {
  await buildWeb()
  for (const path of shipped) {
    cpSync(join(projectRoot, path), join(install, path), { recursive: true, verbatimSymlinks: true })
  }
  // Packages from the developer's install come from npm's cache, with the same integrity check.
  installed = await runCaptured('npm', ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline'], { cwd: install })
})
afterAll(async () => {
  await Promise.all(started.map((service) => service.stop()))
  rmSync(dir, { recursive: true, force: true })
})

test('npm ci without development packages and install scripts is enough for production', async () => {
  expect(installed.status, installed.output).toBe(0)
  expect(existsSync(join(install, 'node_modules', 'vitest'))).toBe(false)

  const database = await ownDatabase()
  const environment = { PATH: '/usr/bin:/bin', DATABASE_URL: database.ownerDatabaseUrl }
  const migrated = await runCaptured(launcher, ['migrate'], { cwd: dir, env: environment })
  expect(migrated).toMatchObject({ status: 0, stdout: 'The schema is up to date.\n' })

  const authority = await openAuthority(join(dir, 'pki'), 'test')
  const tls = await authority.issue('gateway', { commonName: 'localhost', hosts: ['127.0.0.1'], usages: ['server'] })
  const { context } = await readKubeconfigContext(inject('kubeBroker'), undefined)
  const ports = await freePorts('web', 'webAdmin', 'gateway', 'gatewayAdmin', 'worker')
  const env = renderEnvironment({
    webUrl: `http://localhost:${ports.web}`,
    gatewayUrl: `https://localhost:${ports.gateway}`,
    ports,
    databaseUrls: database.databaseUrls,
    brokerKubeconfig: inject('kubeBroker'),
    gatewayKubeconfig: inject('kubeGateway'),
    context,
    identity: { issuer: 'http://localhost:9', clientId: 'spaceport', clientSecret: 'secret' },
    nextAuthSecret: 'a secret that is long enough for a test of it',
    tls: { caFile: authority.caFile, ...tls },
    production: true,
    surroundings: { PATH: environment.PATH },
    settings: {},
  })
  ca = readFileSync(authority.caFile, 'utf8')
  const healthUrl = {
    web: `http://127.0.0.1:${ports.web}/api/healthz`,
    gateway: `https://127.0.0.1:${ports.gateway}/healthz`,
    worker: `http://127.0.0.1:${ports.worker}/healthz`,
  }
  await Promise.all(
    names.map(async (name) => {
      const service = await startService({
        name,
        command: launcher,
        args: [name],
        env: env[name],
        cwd: dir,
        logFile: join(dir, `${name}.log`),
        readyUrl: healthUrl[name],
        readyCa: ca,
        onCrash: () => {},
      })
      started.push(service)
      healthUrls.set(name, healthUrl[name])
    }),
  )

  // The started process serves requests itself, without a child, and it is the locked Node.
  for (const service of started) {
    expect(service.isRunning(), service.tail()).toBe(true)
    if (process.platform === 'linux') {
      expect(readlinkSync(`/proc/${service.pid()}/exe`)).toBe(
        join(install, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node'),
      )
    }
  }
})

test('each process logs only lines of JSON, from its start to its failures', async () => {
  // Next prints unhandled errors itself, with a stack.
  await Promise.all(['/%E0%A4%A', '/spaces/x'].map((path) => fetch(new URL(path, healthUrls.get('web')))))
  for (const { name, logFile } of started) {
    const lines = readFileSync(logFile, 'utf8').split('\n').filter(Boolean)
    expect(lines.length, name).toBeGreaterThan(0)
    for (const line of lines) expect(() => JSON.parse(line), `${name}: ${line}`).not.toThrow()
  }
})

test('each process stops soon when asked to, even if a client keeps sending requests on the same connection', async () => {
  expect(started).toHaveLength(names.length)
  for (const service of started) {
    const client = new Agent({ connect: { ca }, pipelining: 1, connections: 1 })
    const asking = new AbortController()
    const url = healthUrls.get(service.name) ?? ''
    let answers = 0
    const ask = async () => {
      while (!asking.signal.aborted) {
        await request(url, { dispatcher: client }).then(
          async ({ statusCode, body }) => {
            await body.dump()
            if (statusCode === 200) answers++
          },
          () => undefined,
        )
        await sleep(20)
      }
    }
    const asked = ask()
    await expect.poll(() => answers).toBeGreaterThan(3)
    const began = performance.now()
    await service.stop()
    expect(performance.now() - began, service.name).toBeLessThan(9_500)
    asking.abort()
    await asked
    await client.close()
  }
})

test('no production package has an install script or is missing from the lockfile', () => {
  const locked = readPackages('package-lock.json')
  const here = readPackages('node_modules/.package-lock.json')
  expect(Object.keys(here)).toContain(`node_modules/node-${process.platform}-${process.arch}`)
  for (const [path, { integrity, hasInstallScript }] of Object.entries(here)) {
    expect(integrity, path).toMatch(/^sha512-/)
    expect(integrity, path).toBe(locked[path]?.integrity)
    expect(hasInstallScript, path).toBeUndefined()
  }
})

function readPackages(file: string): Record<string, { integrity?: string; hasInstallScript?: boolean }> {
  return JSON.parse(readFileSync(join(install, file), 'utf8')).packages
}
