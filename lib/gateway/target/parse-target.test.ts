import { describe, expect, test } from 'vitest'
import { parseTarget } from './parse-target.ts'

const resource = (method: string, path: string) => {
  const target = parseTarget(method, `/clusters/lab${path}`)
  if (target.kind !== 'resource') throw new Error(`${path} is not a resource`)
  const { verb, group, version, namespace, resource, subresource, name } = target
  return [verb, group, version, namespace, resource, subresource, name].join(' | ')
}

describe('a request is read as the API server reads it', () => {
  test.each([
    ['GET', '/api/v1/namespaces', 'list |  | v1 |  | namespaces |  | '],
    ['HEAD', '/api/v1/namespaces', 'list |  | v1 |  | namespaces |  | '],
    ['GET', '/api/v1/namespaces?watch=true', 'watch |  | v1 |  | namespaces |  | '],
    ['GET', '/api/v1/namespaces?watch', 'watch |  | v1 |  | namespaces |  | '],
    ['GET', '/api/v1/namespaces?%77atch=1', 'watch |  | v1 |  | namespaces |  | '],
    ['GET', '/api/v1/namespaces?watch=false&watch=true', 'list |  | v1 |  | namespaces |  | '],
    ['GET', '/api/v1/namespaces?watch=0', 'list |  | v1 |  | namespaces |  | '],
    ['GET', '/api/v1/namespaces/x', 'get |  | v1 | x | namespaces |  | x'],
    ['GET', '/api/v1/namespaces/x/', 'get |  | v1 | x | namespaces |  | x'],
    ['PUT', '/api/v1/namespaces/x/status', 'update |  | v1 | x | namespaces | status | x'],
    ['PUT', '/api/v1/namespaces/x/finalize', 'update |  | v1 | x | namespaces | finalize | x'],
    ['GET', '/api/v1/namespaces/x/pods', 'list |  | v1 | x | pods |  | '],
    ['DELETE', '/api/v1/namespaces/x/pods', 'deletecollection |  | v1 | x | pods |  | '],
    ['DELETE', '/api/v1/namespaces/x/pods/p', 'delete |  | v1 | x | pods |  | p'],
    ['POST', '/api/v1/namespaces/x/pods/p/exec?command=ls', 'create |  | v1 | x | pods | exec | p'],
    ['GET', '/api/v1/namespaces/x/pods/p/proxy/a/b', 'get |  | v1 | x | pods | proxy | p'],
    ['GET', '/api/v1/nodes/n/proxy/metrics', 'get |  | v1 |  | nodes | proxy | n'],
    ['GET', '/api/v1/proxy/nodes/n', 'get |  | v1 |  | proxy | proxy | nodes'],
    ['GET', '/apis/apps/v1/namespaces/x/deployments/d/scale', 'get | apps | v1 | x | deployments | scale | d'],
    ['PATCH', '/apis/apps/v1/namespaces/x/deployments/d', 'patch | apps | v1 | x | deployments |  | d'],
    [
      'GET',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/x/roles/a%3Ab',
      'get | rbac.authorization.k8s.io | v1 | x | roles |  | a:b',
    ],
    ['GET', '/api/v1/pods', 'list |  | v1 |  | pods |  | '],
    ['GET', '/api/v1/namespaces/x/pods/p?watch=1', 'get |  | v1 | x | pods |  | p'],
  ])('%s %s', (method, path, expected) => {
    expect(resource(method, path)).toBe(expected)
  })

  test.each([
    '',
    '/',
    '/api',
    '/api/v1',
    '/api/v1/',
    '/apis/apps/v1',
    '/version',
    '/openapi/v3/apis/apps/v1',
    '/healthz',
  ])('not a resource: %s', (path) => {
    expect(parseTarget('GET', `/clusters/lab${path}`)).toMatchObject({ kind: 'other', verb: 'get', cluster: 'lab' })
  })
})

test('the path upstream is built from the segments', () => {
  expect(parseTarget('GET', '/clusters/lab/api/v1/namespaces/x/pods/?limit=5')).toMatchObject({
    path: '/api/v1/namespaces/x/pods',
    query: 'limit=5',
  })
  expect(parseTarget('GET', '/clusters/lab/api/v1/namespaces/x/pods/a%3ab')).toMatchObject({
    path: '/api/v1/namespaces/x/pods/a%3Ab',
  })
})

test('only watches and followed logs are endless', () => {
  const endless = (path: string) => parseTarget('GET', `/clusters/lab/api/v1/namespaces/x${path}`)
  expect(endless('/pods?watch=true')).toMatchObject({ endless: true })
  expect(endless('/pods/p/log?follow=true')).toMatchObject({ endless: true })
  expect(endless('/pods/p/log?follow=false')).toMatchObject({ endless: false })
  expect(endless('/pods')).toMatchObject({ endless: false })
})

test.each([
  '/clusters/lab/api/v1/namespaces/x/../kube-system/secrets',
  '/clusters/lab/api/v1/namespaces/x/./pods',
  '/clusters/lab/api/v1/namespaces/x/..',
  '/clusters/lab/api/v1/namespaces/x/%2e%2e/kube-system/secrets',
  '/clusters/lab/api/v1/namespaces/x/%2E%2e/kube-system/secrets',
  '/clusters/lab/api/v1/namespaces/x/.%2e/kube-system/secrets',
  '/clusters/lab/api/v1/namespaces/x%2fpods',
  '/clusters/lab/api/v1/namespaces/x%252fpods',
  '/clusters/lab/api/v1/namespaces/x%5cpods',
  '/clusters/lab/api/v1/namespaces/x\\pods',
  '/clusters/lab/api/v1/namespaces/x%00',
  '/clusters/lab/api/v1/namespaces/x%0d%0aX:y',
  '/clusters/lab/api/v1/namespaces/x%C3%BC',
  '/clusters/lab/api/v1/namespaces/x%zz',
  '/clusters/lab/api/v1/namespaces/x%3Fwatch=1',
  '/clusters/lab//api/v1/namespaces/x',
  '//clusters/lab/api/v1/namespaces/x',
  '/clusters//api/v1',
  '/clusters/lab/api/v1/namespaces//pods',
  '/clusters/lab/api/v1/namespaces/x/pods//',
  '/clusters/lab/api/v1/namespaces/x#y',
  '/clusters/lab/api/v1/namespaces/x;y=z/pods',
  '/clusters/lab/api/v1/watch/namespaces/x/pods',
  '/clusters/lab/api/v1/namespaces?watch=1;labelSelector=x',
  '/clusters/lab/api/v1/namespaces?labelSelector=%zz',
  // Go folds the long s to an s, and reads `false`.
  '/clusters/lab/api/v1/namespaces?watch=fal%C5%BFe',
  '/clusters/lab/api/v1/namespaces?watch=yes',
  '/clusters/lab/api/v1/namespaces/x/pods/p/log?follow=fal%C5%BFe',
  'https://other/clusters/lab/api',
  'clusters/lab/api',
  '*',
  '',
])('no ambiguous path gets through: %s', (url) => {
  expect(() => parseTarget('GET', url)).toThrow(expect.objectContaining({ key: 'bad_path', status: 400 }))
})

test('a query goes upstream as it was parsed', () => {
  expect(parseTarget('GET', '/clusters/lab/api/v1/namespaces/x/pods?%6cimit=5&a=b%20c+d&e')).toMatchObject({
    query: 'limit=5&a=b+c+d&e=',
  })
  expect(parseTarget('POST', '/clusters/lab/api/v1/namespaces/x/pods?%64ryRun=All')).toMatchObject({ dryRun: true })
})

test.each(['/api/v1/namespaces', '/api/v1/namespaces/x/pods/p/exec', '/version', '/apis/apps/v1', ''])(
  'a query that Go would drop or could not limit is refused: %s',
  (path) => {
    const refused = expect.objectContaining({ key: 'bad_path', status: 400 })
    const ask = (query: string) => parseTarget('GET', `/clusters/lab${path}?${query}`)
    expect(() => ask('a&'.repeat(1_000))).toThrow(refused)
    expect(() => ask(`dryRun=All${'&'.repeat(20_000)}`)).toThrow(refused)
    expect(() => ask(`a=${'b'.repeat(48 * 1024)}`)).toThrow(refused)
    expect(() => ask('a=%FF')).toThrow(refused)
    expect(() => ask('a=b;c')).toThrow(refused)
    expect(ask(`${'command=x&'.repeat(999)}command=y`).query).toHaveLength(10 * 1_000 - 1)
  },
)

test('other paths and methods are refused', () => {
  expect(() => parseTarget('GET', '/api/v1/namespaces')).toThrow(expect.objectContaining({ status: 404 }))
  for (const method of ['CONNECT', 'TRACE', 'OPTIONS', 'PROPFIND', 'get', 'constructor', ''])
    expect(() => parseTarget(method, '/clusters/lab/api')).toThrow(expect.objectContaining({ status: 405 }))
})
