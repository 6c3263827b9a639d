import { describe, expect, test } from 'vitest'
import { indexAccess } from '#lib/gateway/credential/access.ts'
import { accessRow, accessSpan } from '#lib/gateway/credential/access-fixture.ts'
import type { ResourceAttributes } from '#lib/gateway/request/parse-rights-review.ts'
import { type OwnRules, renderOwnRules } from '#lib/gateway/request/render-own-rules.ts'
import { decideQuestion } from './decide-question.ts'

const rules = { portalUrl: 'https://portal', clusterReadable: new Set(['storageclasses.storage.k8s.io']) }
const span = (name: string, role: 'viewer' | 'editor') =>
  accessSpan({ spaceId: `id-of-${name}`, namespace: name, role })
const access = (spaceId: string | null) =>
  indexAccess(accessRow({ cluster: 'lab', spaceId, spans: [span('mine', 'editor'), span('seen', 'viewer')] }))
const unbound = access(null)
const bound = access('id-of-mine')
const none = { namespace: '', verb: '', group: '', version: '', resource: '', subresource: '', name: '' }
const may = (attributes: Partial<ResourceAttributes>, by = unbound) =>
  decideQuestion(
    { resourceAttributes: { ...none, fieldSelector: undefined, labelSelector: undefined, ...attributes } },
    'lab',
    by,
    0,
    rules,
  )
const mayPath = (verb: string, path: string) =>
  decideQuestion({ nonResourceAttributes: { path, verb } }, 'lab', unbound, 0, rules)
const no = expect.objectContaining({ allowed: false })

describe('a question about a resource', () => {
  test('about one’s own space goes to the API server, if the role allows it', () => {
    const question = { namespace: 'mine', verb: 'create', resource: 'pods', subresource: 'exec', name: 'p' }
    expect(may(question)).toEqual({ ask: { resourceAttributes: { ...none, ...question, version: 'v1' } } })
    expect(may({ ...question, namespace: 'seen' })).toEqual({
      allowed: false,
      reason: 'your role in this space is viewer; request a higher one at https://portal',
    })
  })

  test.each(['seen', 'kube-system', 'nowhere'])(
    'about the namespace %s reveals nothing to a bound credential',
    (namespace) => {
      expect(may({ namespace, verb: 'get', resource: 'pods' }, bound)).toEqual({
        allowed: false,
        reason:
          namespace === 'seen'
            ? 'this credential is bound to another space'
            : 'you have no role in this namespace; see https://portal',
      })
    },
  )

  test('about all namespaces, about everything, or about a verb that no request has is answered with no', () => {
    for (const verb of ['list', 'get', 'watch', '*']) expect(may({ verb, resource: 'pods' })).toEqual(no)
    expect(may({ namespace: 'mine', verb: '*', resource: '*', group: '*' })).toEqual(no)
    for (const verb of ['impersonate', 'bind', 'escalate', 'use', 'proxy', ''])
      expect(may({ namespace: 'mine', verb, resource: 'roles', group: 'rbac.authorization.k8s.io' })).toEqual(no)
    expect(may({ namespace: 'mine', verb: 'get', resource: 'pods', subresource: 'proxy' })).toEqual(no)
  })

  test('about namespaces is answered like the request, whatever namespace it names', () => {
    for (const namespace of ['', 'mine', 'kube-system'])
      for (const version of ['', '*', 'v1']) {
        for (const verb of ['list', 'watch'])
          expect(may({ namespace, verb, version, resource: 'namespaces' })).toEqual({ allowed: true, reason: '' })
        expect(may({ namespace, verb: 'create', version, resource: 'namespaces', name: 'new' })).toEqual(no)
      }
    expect(may({ verb: 'list', version: 'v2', resource: 'namespaces' })).toEqual(no)
    const get = { verb: 'get', resource: 'namespaces', name: 'mine' }
    const asked = { ask: { resourceAttributes: { ...none, ...get, namespace: 'mine', version: 'v1' } } }
    expect(may(get)).toEqual(asked)
    expect(may({ ...get, namespace: 'seen' })).toEqual(asked)
    expect(may({ ...get, name: 'kube-system', namespace: 'mine' })).toEqual(no)
    expect(may({ ...get, name: '' })).toEqual(no)
  })

  test('about a cluster-scoped kind has no namespace', () => {
    const readable = { verb: 'list', group: 'storage.k8s.io', resource: 'storageclasses' }
    expect(may({ ...readable, namespace: 'mine' })).toEqual(may(readable))
    expect(may(readable)).toHaveProperty('ask')
    expect(may(readable, bound)).toEqual(no)
    expect(may({ ...readable, verb: 'delete' })).toEqual(no)
    const review = { verb: 'create', group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' }
    expect(may({ ...review, namespace: 'mine' }, bound)).toHaveProperty('ask')
    expect(may({ verb: 'list', resource: 'nodes' })).toEqual(no)
    expect(may({ verb: 'list', resource: 'nodes', namespace: 'mine' })).toEqual(no)
  })

  test('keeps its selectors', () => {
    const labelSelector = { rawSelector: 'a=b' }
    expect(may({ namespace: 'mine', verb: 'list', resource: 'pods', labelSelector })).toMatchObject({
      ask: { resourceAttributes: { labelSelector } },
    })
  })
})

test('a question about a path is answered like the request for it', () => {
  expect(mayPath('get', '/version')).toEqual({ ask: { nonResourceAttributes: { path: '/version', verb: 'get' } } })
  expect(mayPath('get', '/version/')).toEqual(mayPath('get', '/version'))
  expect(mayPath('get', '/api/v1/namespaces')).toEqual({ allowed: true, reason: '' })
  expect(mayPath('get', '/api/v1/namespaces/mine/pods')).toMatchObject({
    ask: { resourceAttributes: { namespace: 'mine', verb: 'list', resource: 'pods' } },
  })
  for (const [verb, path] of [
    ['post', '/version'],
    ['*', '/version'],
    ['GET', '/version'],
    ['get', '/metrics'],
    ['get', '*'],
    ['get', ''],
    ['get', '/version/../metrics'],
    ['get', '/version?x'],
    ['get', '/api/v1/namespaces/kube-system/pods'],
  ] as const)
    expect(mayPath(verb, path), `${verb} ${path}`).toEqual(no)
})

describe('one’s own rules', () => {
  const everything: OwnRules = {
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
    incomplete: false,
  }
  const nothing: OwnRules = { resourceRules: [], nonResourceRules: [], incomplete: false }
  const render = (namespace: string, ofCluster: OwnRules, by = unbound) =>
    renderOwnRules(namespace, ofCluster, 'lab', by, 0, rules)
  const rights = ({ resourceRules }: OwnRules) =>
    resourceRules.flatMap(({ verbs, apiGroups, resources }) =>
      verbs.map((verb) => `${verb} ${resources.join()}.${apiGroups.join()}`),
    )

  test('are those that both the role and the API server allow', () => {
    expect(rights(render('mine', everything))).toContain('create pods/exec.')
    expect(rights(render('mine', everything))).not.toContain('create roles.rbac.authorization.k8s.io')
    expect(rights(render('seen', everything))).not.toContain('create pods/exec.')
    const pods = { verbs: ['get'], apiGroups: [''], resources: ['pods', '*/scale'], resourceNames: [] }
    const some = rights(render('mine', { ...nothing, resourceRules: [pods] }))
    expect(some).toEqual(expect.arrayContaining(['get pods.', 'get replicationcontrollers/scale.', 'list namespaces.']))
    expect(some).not.toContain('get services.')
  })

  test('for other people’s namespaces do not depend on the owner', () => {
    const expected = rights(render('nowhere', everything))
    expect(rights(render('kube-system', everything))).toEqual(expected)
    expect(expected).toEqual(expect.arrayContaining(['list namespaces.', 'list storageclasses.storage.k8s.io']))
    expect(expected).not.toContain('get pods.')
    expect(rights(render('seen', everything, bound))).toEqual(rights(render('nowhere', everything, bound)))
    expect(rights(render('seen', everything, bound))).not.toContain('list storageclasses.storage.k8s.io')
  })

  test('for paths are the open ones', () => {
    const urls = (ofCluster: OwnRules) =>
      render('mine', ofCluster).nonResourceRules.flatMap((rule) => rule.nonResourceURLs)
    expect(urls(everything)).toEqual(expect.arrayContaining(['/version', '/apis/*']))
    expect(urls(everything)).not.toContain('/metrics')
    expect(
      urls({ ...nothing, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/openapi/*', '/version'] }] }),
    ).toEqual(['/version', '/openapi/v2', '/openapi/v3', '/openapi/v3/*'])
    expect(urls(nothing)).toEqual([])
  })

  test('are as incomplete as the API server’s', () => {
    expect(render('mine', { ...nothing, incomplete: true, evaluationError: 'unknown' })).toMatchObject({
      incomplete: true,
      evaluationError: 'unknown',
    })
  })
})
