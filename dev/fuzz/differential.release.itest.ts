import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'
import { personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import { followAuditLog } from './audit-log.ts'
import { type FuzzCase, fuzzCaseSchema, fuzzCases, targetOf } from './case.ts'
import { compareReadings, readAsGateway } from './compare-readings.ts'
import { type RawAnswer, sendRaw } from './send-raw.ts'
import { fuzzSettings } from './settings.ts'

/**
 * The gateway reads requests as the API server does: the API server's audit log agrees with it on everything that it
 * lets through. The corpus has earlier failures, and is always run.
 */
const corpusFile = join(import.meta.dirname, 'corpus.jsonl')
const batch = 500
const shortRun = 2_000

let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
/** Without limits by address: a malformed request would delay all later ones. */
let gateway: Awaited<ReturnType<typeof fixture.start>>
let token: string
let person: string
let own: string
let other: string
let readLog: ReturnType<typeof followAuditLog>

beforeAll(async () => {
  fixture = await openGatewayFixture()
  gateway = await fixture.start({ GATEWAY_CONNECTIONS_PER_SOURCE: 0 })
  const [ann, bob] = [await fixture.person('ann'), await fixture.person('bob')]
  own = (await fixture.space(ann)).namespace
  other = (await fixture.space(bob)).namespace
  token = (await fixture.credential(ann)).token
  person = personUserName(ann.handle)
  readLog = followAuditLog(inject('auditLog'))
})
afterAll(async () => {
  await gateway?.stop()
  await fixture?.close()
})

const placed = (one: FuzzCase): string =>
  `/clusters/default${targetOf(one)}`.replaceAll('OWN', own).replaceAll('OTHER', other)

/** Node's parser takes several spaces before the version as one (RFC 9112, section 3). */
const asParsed = (target: string): string => target.replace(/ +$/, '')

let made = 0
function bodyOf({ body }: FuzzCase): Buffer {
  const name = `fuzz-${made++}`
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }
  if (body === 'none') return Buffer.alloc(0)
  if (body === 'json') return Buffer.from(JSON.stringify(object))
  if (body === 'yaml') return Buffer.from(`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`)
  // Unknown{typeMeta{v1, ConfigMap}, raw: ConfigMap{metadata{name}}}
  const field = (number: number, data: Buffer) => Buffer.concat([Buffer.from([number * 8 + 2, data.length]), data])
  const text = (number: number, value: string) => field(number, Buffer.from(value))
  if (body === 'protobuf')
    return Buffer.concat([
      Buffer.from('k8s\0'),
      field(1, Buffer.concat([text(1, 'v1'), text(2, 'ConfigMap')])),
      field(2, field(1, text(1, name))),
    ])
  return Buffer.from('\0{nonsense')
}

function send(one: FuzzCase): Promise<RawAnswer> {
  const body = bodyOf(one)
  const lines = [
    `${one.method} ${placed(one)} HTTP/1.1`,
    'Host: gateway',
    `Authorization: Bearer ${token}`,
    'Accept: application/json',
    'Connection: close',
    ...(one.contentType === '' ? [] : [`Content-Type: ${one.contentType}`]),
    ...(body.length > 0 ? [`Content-Length: ${body.length}`] : []),
  ]
  return sendRaw(
    { port: gateway.port, ca: fixture.ca, headOnly: one.method === 'HEAD' },
    `${lines.join('\r\n')}\r\n\r\n`,
    body,
  )
}

type Attempt = { one: FuzzCase; answer: RawAnswer }
type Finding = { one: FuzzCase; status: number; differences: string[] }

async function tryAll(cases: readonly FuzzCase[]): Promise<{ findings: Finding[]; compared: number }> {
  const waiting = [...cases]
  const tried: Attempt[] = []
  const runner = async () => {
    for (let one = waiting.pop(); one; one = waiting.pop()) tried.push({ one, answer: await send(one) })
  }
  await Promise.all(Array.from({ length: 12 }, runner))
  let compared = 0
  let findings: Finding[] = []
  // The log is written a moment after the answer; for a watch, at its end.
  await vi.waitFor(
    () => {
      compared = 0
      findings = []
      const events = readLog()
      for (const { one, answer } of tried) {
        const ours = readAsGateway(one.method, asParsed(placed(one)))
        const event = events.get(answer.requestId ?? '')
        const differences = event ? compareReadings(ours, event, person) : []
        if (event) compared++
        if (isDryRunOtherwise(one, answer)) differences.push('dryRun: one of the two took it for a dry run')
        if (answer.status === 0 || answer.body.includes('internal error; give request ID'))
          differences.push(`answered by ${answer.status}: ${answer.body}`)
        if (differences.length > 0) findings.push({ one, status: answer.status, differences })
      }
      expect(compared, `requests at the API server; ${renderCounts(tried)}`).toBeGreaterThan(cases.length / 10)
    },
    { timeout: 30_000, interval: 500 },
  )
  return { findings, compared }
}

function renderCounts(tried: readonly Attempt[]): string {
  const counts = new Map<number, number>()
  for (const { answer } of tried) counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1)
  return [...counts].map(([status, count]) => `${count} answered by ${status}`).join(', ')
}

/** Only a created object has a resourceVersion. */
function isDryRunOtherwise(one: FuzzCase, { status, body }: RawAnswer): boolean {
  const ours = readAsGateway(one.method, asParsed(placed(one)))
  if (status !== 201 || typeof ours === 'string' || ours.kind !== 'resource' || ours.resource !== 'configmaps')
    return false
  return ours.dryRun === /"resourceVersion":/.test(body)
}

const corpus = (): FuzzCase[] =>
  readFileSync(corpusFile, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => fuzzCaseSchema.parse(JSON.parse(line)))

test('the corpus', async () => {
  expect((await tryAll(corpus())).findings).toEqual([])
})

test('generated requests', { timeout: ((fuzzSettings.seconds ?? 0) + 300) * 1_000 }, async () => {
  const started = performance.now()
  const continueTo = (count: number) =>
    fuzzSettings.seconds === undefined ? count < shortRun : performance.now() - started < fuzzSettings.seconds * 1_000
  let count = 0
  let atTheApiServer = 0
  for (let seed = fuzzSettings.seed; continueTo(count); seed++) {
    const { findings, compared } = await tryAll(fc.sample(fuzzCases, { seed, numRuns: batch }))
    count += batch
    atTheApiServer += compared
    if (findings.length > 0 && fuzzSettings.seconds !== undefined)
      appendFileSync(corpusFile, findings.map(({ one }) => `${JSON.stringify(one)}\n`).join(''))
    expect(findings, `seed ${seed}`).toEqual([])
  }
  console.log(`${count} requests, ${atTheApiServer} of them read by the API server; seed ${fuzzSettings.seed}`)
})
