import { expect, test } from 'vitest'
import { moreRoom } from './more-room.ts'

const address = { name: 'web', cluster: 'lab' }
const rights = { size: 'S', maxSize: 'M', mayChange: true, mayAsk: true } as const

test('the way to more leads to the next size, of what it has more of', () => {
  const more = moreRoom(address, rights)
  expect(more).toMatchObject({ href: '/spaces/web/settings?cluster=lab&size=M#size', label: 'Get more' })
  expect(more?.grows).toContain('limits.cpu')
  expect(more?.grows).not.toContain('services.loadbalancers')
  expect(moreRoom(address, { ...rights, size: 'M' })).toMatchObject({
    href: '/spaces/web/settings?cluster=lab&size=L#size',
    label: 'Ask for more',
  })
})

test('who may get none, and a space of the largest size, has no way to more', () => {
  expect(moreRoom(address, { ...rights, mayChange: false, mayAsk: false })).toBeNull()
  expect(moreRoom(address, { ...rights, size: 'M', mayAsk: false })).toBeNull()
  expect(moreRoom(address, { ...rights, size: 'L' })).toBeNull()
})
