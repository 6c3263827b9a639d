import { expect, test } from 'vitest'
import { moreRoom } from './more-room.ts'

const address = { name: 'web', cluster: 'lab' }
const rights = { size: 'S', maxSize: 'M', mayChange: true, mayAsk: true } as const

test('the link to more room leads to the next size and names the resources that grow', () => {
  const more = moreRoom(address, rights)
  expect(more).toMatchObject({ href: '/spaces/web/settings?cluster=lab&size=M#size', label: 'Get more' })
  expect(more?.grows).toContain('limits.cpu')
  expect(more?.grows).not.toContain('services.loadbalancers')
  expect(moreRoom(address, { ...rights, size: 'M' })).toMatchObject({
    href: '/spaces/web/settings?cluster=lab&size=L#size',
    label: 'Ask for more',
  })
})

test('a person who may not resize, and a space of the largest size, get no link to more room', () => {
  expect(moreRoom(address, { ...rights, mayChange: false, mayAsk: false })).toBeNull()
  expect(moreRoom(address, { ...rights, size: 'M', mayAsk: false })).toBeNull()
  expect(moreRoom(address, { ...rights, size: 'L' })).toBeNull()
})
