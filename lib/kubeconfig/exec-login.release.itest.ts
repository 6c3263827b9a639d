import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { createExecLogin } from './exec-login.ts'

const dir = mkdtempSync(join(tmpdir(), 'spaceport-plugin-'))
afterAll(() => rmSync(dir, { recursive: true }))

const apiVersion = 'client.authentication.k8s.io/v1'
const answer = (status: object) => JSON.stringify({ apiVersion, kind: 'ExecCredential', status })
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()
const echo = (text: string) => `cat <<'END'\n${text}\nEND`

let written = 0
/** A plugin that runs a shell script; `runs` counts how often it was started. */
function plugin(script: string, limits = { timeoutMs: 30_000, pauseMs: 5_000 }) {
  const command = join(dir, `plugin-${++written}`)
  const log = `${command}.runs`
  const write = (text: string) => {
    writeFileSync(command, `#!/bin/sh\necho run >> ${log}\n${text}\n`)
    chmodSync(command, 0o700)
  }
  write(script)
  const called = { path: dir, cluster: 'eu', user: 'spaceport' }
  const login = createExecLogin(
    {
      apiVersion,
      command,
      args: ['--once'],
      env: [{ name: 'REGION', value: 'eu' }],
      cluster: { server: 'https://eu' },
    },
    called,
    limits,
  )
  const runs = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0)
  return { ...login, command, write, runs }
}

test('a token is kept until it expires, however many callers ask at once', async () => {
  const { current, runs } = plugin(echo(answer({ token: 'a-token', expirationTimestamp: inAnHour() })))
  const all = await Promise.all([current(), current(), current()])
  expect([...all, await current()].map(({ token }) => token)).toEqual(Array.from({ length: 4 }, () => 'a-token'))
  expect(runs()).toBe(1)
})

test('an expired token is replaced', async () => {
  const ended = new Date(Date.now() - 1000).toISOString()
  const { current, write } = plugin(echo(answer({ token: 'first', expirationTimestamp: ended })))
  expect(await current()).toMatchObject({ token: 'first' })
  write(echo(answer({ token: 'second', expirationTimestamp: inAnHour() })))
  expect(await current()).toMatchObject({ token: 'second' })
})

test('a rejected token is replaced, but not too often', async () => {
  const eager = plugin(echo(answer({ token: 'first' })), { timeoutMs: 30_000, pauseMs: 0 })
  expect(await eager.current()).toMatchObject({ token: 'first' })
  eager.write(echo(answer({ token: 'second' })))
  expect(await eager.current()).toMatchObject({ token: 'first' })
  eager.refused()
  expect(await eager.current()).toMatchObject({ token: 'second' })

  const patient = plugin(echo(answer({ token: 'first' })), { timeoutMs: 30_000, pauseMs: 3_600_000 })
  await patient.current()
  patient.refused()
  await patient.current()
  expect(patient.runs()).toBe(1)
})

test('a client certificate comes with its key', async () => {
  const authority = await openAuthority(join(dir, 'ca'), 'a plugin’s authority')
  const files = await authority.issue('client', { commonName: 'spaceport', usages: ['client'] })
  const other = await authority.issue('other', { commonName: 'other', usages: ['client'] })
  const cert = readFileSync(files.certFile, 'utf8')
  const key = readFileSync(files.keyFile, 'utf8')
  const issue = (clientKeyData?: string) => echo(answer({ clientCertificateData: cert, clientKeyData }))
  expect(await plugin(issue(key)).current()).toEqual({ token: undefined, cert, key })
  for (const unusable of [undefined, 'nothing', readFileSync(other.keyFile, 'utf8')])
    await expect(plugin(issue(unusable)).current()).rejects.toThrow(/certificate and key that can’t be used/)
})

test('it gets the operator’s arguments and variables and the protocol’s input, but not our secrets', async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://secret')
  vi.stubEnv('OF_THE_MACHINE', 'here')
  const { current } = plugin(
    `env > ${dir}/env; echo "$@" > ${dir}/args; [ -t 0 ] || cat > ${dir}/input; ${echo(answer({ token: 't' }))}`,
  )
  await current()
  vi.unstubAllEnvs()
  const env = readFileSync(join(dir, 'env'), 'utf8')
  const info = z.string().parse(/^KUBERNETES_EXEC_INFO=(.*)$/m.exec(env)?.[1])
  expect(JSON.parse(info)).toEqual({
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: 'https://eu' } },
  })
  expect(env).toContain('REGION=eu\n')
  expect(env).toContain('OF_THE_MACHINE=here\n')
  expect(env).not.toContain('DATABASE_URL')
  expect(readFileSync(join(dir, 'args'), 'utf8')).toBe('--once\n')
  expect(readFileSync(join(dir, 'input'), 'utf8')).toBe('')
})

test.each([
  ['fails', 'echo secret-word; echo secret-word >&2; exit 7', /failed with status 7; run it by hand to see why/],
  ['prints something else', 'echo secret-word', /printed no ExecCredential of client.authentication.k8s.io\/v1/],
  [
    'prints another version',
    echo(answer({ token: 'secret-word' }).replace('/v1"', '/v1beta1"')),
    /printed no ExecCredential of .*\(wrong: apiVersion\)/,
  ],
  ['prints no credential', echo(answer({})), /printed neither a token nor a client certificate/],
  ['prints a token with a line in it', echo(answer({ token: 'secret-word\r\nX: y' })), /\(wrong: status.token\)/],
  ['prints without end', 'yes secret-word', /printed more than 1 MiB/],
])('a plugin that %s is named, without its output', async (_what, script, why) => {
  const { current, command } = plugin(script)
  const error: unknown = await current().catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ name: 'CredentialError', message: expect.stringMatching(why) })
  expect(String(error)).toContain(`the plugin “${command}” of user “spaceport”`)
  expect(inspect(error, { depth: 10 })).not.toContain('secret-word')
})

test('a plugin that does not exist, or may not be started, is named', async () => {
  const { current, command } = plugin('')
  rmSync(command)
  await expect(current()).rejects.toThrow(/ does not exist$/)
  const other = plugin('')
  chmodSync(other.command, 0o600)
  await expect(other.current()).rejects.toThrow(/could not be started \(EACCES\)/)
})

test('a plugin that hangs is killed with its children, and asked again after a pause', async () => {
  const { current, runs, write } = plugin(`sleep 3600 & echo $! > ${dir}/child; wait`, {
    timeoutMs: 5000,
    pauseMs: 5000,
  })
  await expect(current()).rejects.toThrow(/did not end within 5 s/)
  const child = Number(readFileSync(join(dir, 'child'), 'utf8'))
  expect(child).toBeGreaterThan(1)
  await expect.poll(() => isAlive(child)).toBe(false)
  write(echo(answer({ token: 'a-token' })))
  await expect(current()).rejects.toThrow(/did not end within 5 s/)
  expect(runs()).toBe(1)
  await expect.poll(() => current().catch(() => undefined), { timeout: 30_000 }).toMatchObject({ token: 'a-token' })
})

/** @returns whether a process runs; zombies don't count */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
