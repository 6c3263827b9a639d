import { expect, test } from 'vitest'
import { parseTarget } from '#lib/gateway/target/parse-target.ts'
import { isDryRun } from './is-dry-run.ts'

const secrets = '/clusters/lab/api/v1/namespaces/x/secrets'
const said = (method: string, query: string, body?: string | Buffer | null) =>
  isDryRun(parseTarget(method, `${secrets}/a${query}`), typeof body === 'string' ? Buffer.from(body) : body)

test.each([
  ['PATCH', '?dryRun=All', '{}', true],
  ['PATCH', '', '{"dryRun":["All"]}', false],
  ['PUT', '?dryRun=All', undefined, true],
  ['DELETE', '?dryRun=All', null, true],
  ['DELETE', '?dryRun=All', '', true],
  // The body is unknown, and it decides.
  ['DELETE', '?dryRun=All', undefined, false],
  ['DELETE', '?dryRun=All', '{}', false],
  ['DELETE', '', '{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"]}', true],
  ['DELETE', '?dryRun=All', '{"dryRun":["All"],"dryRun":[]}', false],
  ['DELETE', '', '{"dryRun":["None"]}', false],
  ['DELETE', '', '{"DryRun":["All"]}', false],
  ['DELETE', '', 'dryRun: [All]', false],
  ['DELETE', '', `{"dryRun":["All"],"x":"${'x'.repeat(20_000)}"}`, false],
  ['GET', '?dryRun=All', null, false],
] as const)('%s %s with the body %s: %s', (method, query, body, dry) => {
  expect(said(method, query, body)).toBe(dry)
})

test.each([
  ['POST', 'pods/a/exec?command=id&dryRun=All'],
  ['POST', 'pods/a/attach?dryRun=All'],
  ['POST', 'pods/a/portforward?dryRun=All'],
  ['POST', 'pods/a/proxy?dryRun=All'],
  ['POST', 'serviceaccounts/a/token?dryRun=All'],
  ['PUT', 'services/a/proxy/x?dryRun=All'],
  ['DELETE', 'services/a/proxy/x?dryRun=All'],
])('neither a connection nor a token has a dry run: %s %s', (method, path) => {
  expect(isDryRun(parseTarget(method, `/clusters/lab/api/v1/namespaces/x/${path}`), null)).toBe(false)
})

test('delete options may be protobuf', () => {
  const options = Buffer.from([0x2a, 3, 0x41, 0x6c, 0x6c])
  const envelope = (raw: Buffer) =>
    Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x0a, 4, 0x0a, 2, 0x76, 0x31, 0x12, raw.length]), raw])
  expect(said('DELETE', '', envelope(options))).toBe(true)
  expect(said('DELETE', '?dryRun=All', envelope(Buffer.alloc(0)))).toBe(false)
})
