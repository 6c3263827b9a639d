import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { copyDatabase, ownDatabase } from '#dev/testing/database/own-database.ts'
import { openAuditFixture } from '#dev/testing/fixtures/audit-fixture.ts'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { voidClusterTokens } from '#lib/features/cluster-audit/receiver/audit-tokens.ts'
import { runCheck } from './check.ts'
import { type AuditSettings, clusterAudit } from './cluster-audit.ts'
import { renderFinding } from './finding.ts'
import { readSettings } from './settings.ts'

let fixture: Awaited<ReturnType<typeof openAuditFixture>>
beforeAll(async () => {
  fixture = await openAuditFixture()
})
afterAll(() => fixture?.close())

async function say(settings: Partial<AuditSettings>): Promise<string[]> {
  const whole = { databaseUrl: undefined, receiver: undefined, caFile: '', cluster: 'lab', ...settings }
  const checks = clusterAudit(whole).checks.map((check) => runCheck({ ...check, limitMs: 60_000 }))
  return (await Promise.all(checks)).flat().map(renderFinding)
}
const inDatabase = async (databaseUrl: string) =>
  (await say({ databaseUrl })).filter((line) => !line.includes('Its receiver'))

/** @returns the settings for `--audit` and `--audit-ca` */
const given = (address: string, ca = fixture.ca): Partial<AuditSettings> => {
  const caFile = join(ownFolder(), 'ca.crt')
  writeFileSync(caFile, ca)
  return readSettings(['--kubeconfig', 'none', '--audit', address, '--audit-ca', caFile], {}).audit
}

test('if no cluster sends its audit, and nothing is given, there are notes and no error', async () => {
  const { worker } = (await copyDatabase()).databaseUrls
  expect(await say({ databaseUrl: worker })).toEqual([
    '  - It is off: no cluster has a token for it (docs/cluster-audit.md)',
    '  - Its receiver is not checked: give --audit URL, if a cluster sends its audit',
  ])
  expect(await say({})).toEqual([
    '  - What came in is not checked: give DATABASE_URL of the worker',
    '  - Its receiver is not checked: give --audit URL, if a cluster sends its audit',
  ])
})

test('each cluster is listed with its token and its last batch', async () => {
  const { worker } = (await ownDatabase()).databaseUrls
  const cluster = await fixture.cluster()
  const about = async () => (await inDatabase(worker)).filter((line) => line.includes(cluster.name))
  expect(await about()).toEqual([
    expect.stringMatching(/^ {2}✗ \S+ has a token in force, but its audit never came in → give each API server /),
  ])
  expect(await fixture.post(cluster, [])).toMatchObject({ status: 200 })
  const [row] = await fixture.sql('SELECT received_at FROM cluster_audit_intake WHERE cluster_id = $1', [cluster.id])
  const at = z.date().parse(row?.received_at).toISOString()
  expect(await about()).toEqual([`  ✓ The audit of ${cluster.name} comes in, last at ${at}`])
  await fixture.cluster(cluster.name)
  expect((await about())[1]).toContain(`! ${cluster.name} has 2 tokens in force → bin/spaceport audit-webhook settle`)
  await voidClusterTokens(fixture.services(), cluster.name, 0)
  expect(await about()).toEqual([
    expect.stringContaining(`! ${cluster.name} has no token in force; its audit last came in at ${at} → `),
  ])
})

test('a login that may not read it learns which one may', async () => {
  const { web, gateway } = (await ownDatabase()).databaseUrls
  const line = '  - This login may not read whether it comes in: use the worker’s login'
  expect(await inDatabase(web)).toEqual([line])
  expect(await inDatabase(gateway)).toEqual([line])
})

test('the receiver’s name, its certificate by its CA, and that it refuses a stranger', async () => {
  const cluster = await fixture.cluster()
  const said = await say({ ...given(`https://127.0.0.1:${fixture.port}`), cluster: cluster.name })
  expect(said.slice(1)).toEqual([
    '  ✓ 127.0.0.1 is 127.0.0.1',
    expect.stringMatching(/^ {2}✓ The certificate of the receiver is valid for 127\.0\.0\.1, for \d+ more days$/),
    '  ✓ The receiver refuses an unknown token',
  ])
  const intakes = 'SELECT count(*)::int AS count FROM cluster_audit_intake WHERE cluster_id = $1'
  expect(await fixture.sql(intakes, [cluster.id])).toEqual([{ count: 0 }])
})

test('a certificate of another CA or name, and an unresolvable name', async () => {
  const authority = await openAuthority(join(ownFolder(), 'pki'), 'another')
  const another = given(`https://127.0.0.1:${fixture.port}`, readFileSync(authority.caFile, 'utf8'))
  expect((await say(another))[2]).toMatch(/✗ The certificate of the receiver isn’t signed by a trusted authority/)
  expect((await say(given(`https://localhost:${fixture.port}`)))[2]).toContain(
    '✗ The certificate of the receiver is not for localhost, but for IP Address:127.0.0.1 → renew WORKER_AUDIT_TLS_CERT',
  )
  expect((await say(given('https://nobody.invalid:9443')))[1]).toMatch(/✗ The name nobody\.invalid: .*→ point it at/)
})

test('another server at the address that accepts a stranger’s batch is found', async () => {
  const authority = await openAuthority(join(ownFolder(), 'pki'), 'another')
  const files = await authority.issue('other', { commonName: 'x', hosts: ['127.0.0.1'], usages: ['server'] })
  const server = createServer({ cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) })
  server.on('request', (_asked, response) => response.end('\u001b[2J'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  expect((await say(given(url, readFileSync(authority.caFile, 'utf8'))))[3]).toBe(
    '  ✗ The receiver answers an unknown token with 200 instead of 401 → route the address to the workers, and to nothing else (docs/cluster-audit.md)',
  )
})

test('a receiver that can’t read its trail is distinguished from one that accepts strangers', async () => {
  const { worker } = (await ownDatabase()).databaseUrls
  const port = await fixture.start(Object.assign(new URL(worker), { port: '1' }).href)
  const said = await say(given(`https://127.0.0.1:${port}`))
  expect(said[3]).toMatch(
    /^ {2}✗ The receiver answers, but can’t reach the trail → make sure that the worker reaches Postgres/,
  )
})

test('an address to which API servers would send no token is refused', () => {
  const read = (...args: string[]) => readSettings(['--kubeconfig', 'none', ...args], {})
  for (const address of ['http://127.0.0.1:1', 'https://host/clusters/lab/audit', 'nonsense'])
    expect(() => read('--audit', address)).toThrow('--audit has to be a URL like https://host:port')
  expect(() => read('--audit-ca', 'ca.crt')).toThrow('--audit-ca goes with --audit')
})
