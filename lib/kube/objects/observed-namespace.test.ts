import { expect, test } from 'vitest'
import { blockersOf } from './observed-namespace.ts'

test('a finalizer that blocks a deletion is named, with what to do about it', () => {
  const [finalizers, content] = blockersOf([
    {
      type: 'NamespaceContentRemaining',
      status: 'True',
      message: 'Some resources are remaining: configmaps. has 2 resource instances, pods. has 1 resource instances',
    },
    {
      type: 'NamespaceFinalizersRemaining',
      status: 'True',
      message: 'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    },
  ])
  expect(finalizers).toContain('Waiting for finalizers: example.com/hold.')
  expect(content).toBe('Still there: configmaps (2), pods (1).')
})

test('an API extension that is down is named as the cause that blocks the deletion', () => {
  const [only] = blockersOf([
    { type: 'NamespaceDeletionDiscoveryFailure', status: 'True', message: 'Discovery failed for some groups' },
    { type: 'NamespaceContentRemaining', status: 'False', message: 'All content successfully removed' },
  ])
  expect(only).toContain('API extension')
})
