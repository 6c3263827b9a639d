import { expect, test } from 'vitest'
import { resourceWords, withArticle } from './resource-words.ts'

test.each([
  ['deployments.apps', 'deployment', 'deployments', null],
  ['deployments/scale.apps', 'deployment', 'deployments', 'scale'],
  ['pods/log', 'pod', 'pods', 'log'],
  ['networkpolicies.networking.k8s.io', 'network policy', 'network policies', null],
  ['ingresses.networking.k8s.io', 'ingress', 'ingresses', null],
  ['endpoints', 'endpoints', 'endpoints', null],
  ['storageclasses.storage.k8s.io', 'storageclass', 'storageclasses', null],
  ['widgets.example.com', 'widget', 'widgets', null],
  ['constructor', 'constructor', 'constructor', null],
  ['', '', '', null],
])('%s is a %s', (kind, one, many, subresource) => {
  expect(resourceWords(kind)).toEqual({ one, many, subresource })
})

test('articles fit', () => {
  expect([withArticle('ingress'), withArticle('pod')]).toEqual(['an ingress', 'a pod'])
})
