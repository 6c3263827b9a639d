import { expect, test } from 'vitest'
import { isShownOn, topics, wakeOf } from './notification-message.ts'

const id = '01234567-89ab-4cde-8f01-23456789abcd'

test('a notification wakes whom it concerns', () => {
  expect(wakeOf('spaceport_person', `inbox:${id}`)).toEqual({ topics: ['inbox'], whom: { person: id } })
  expect(wakeOf('spaceport_person', 'requests:deciders')).toEqual({ topics: ['requests'], whom: 'deciders' })
  expect(wakeOf('spaceport_access', `space:${id}`)).toEqual({ topics: ['spaces'], whom: { space: id } })
  expect(wakeOf('spaceport_access', `user:${id}`)).toEqual({ topics: ['spaces', 'requests'], whom: { person: id } })
  expect(wakeOf('spaceport_access', 'policy:7')).toEqual({ topics: ['requests'], whom: 'everybody' })
  expect(wakeOf('spaceport_session', id)).toEqual({ topics: [], whom: { person: id } })
})

test('what means nothing wakes nobody', () => {
  for (const [channel, payload] of [
    ['spaceport_person', `weather:${id}`],
    ['spaceport_person', 'inbox:somebody'],
    ['spaceport_person', ''],
    ['spaceport_access', 'space:somewhere'],
    ['spaceport_access', `credential:${id}`],
    ['spaceport_session', ''],
    ['spaceport_trail', '7'],
  ] as const)
    expect(wakeOf(channel, payload), `${channel} ${payload}`).toBeNull()
})

test('a page follows the topics that it shows, and of forms only the policy’s, which says that it is old', () => {
  expect(isShownOn('/', ['spaces'])).toBe(true)
  expect(isShownOn('/inbox', ['requests'])).toBe(true)
  expect(isShownOn('/requests', ['requests'])).toBe(true)
  expect(isShownOn('/requests/open', ['requests'])).toBe(true)
  expect(isShownOn('/admin', ['spaces'])).toBe(true)
  expect(isShownOn(`/requests/${id}`, ['requests'])).toBe(true)
  expect(isShownOn('/credentials', ['credentials'])).toBe(true)
  expect(isShownOn('/admin/policy', ['requests']), 'another version').toBe(true)
  expect(isShownOn('/credentials', ['inbox', 'requests', 'spaces'])).toBe(false)
  const others = topics.filter((topic) => topic !== 'frame')
  for (const path of ['/requests/new', '/inbox/settings', '/spaces/new', '/spaces/requests', '/profile'])
    expect(isShownOn(path, others), path).toBe(false)
})

test('what surrounds every page is shown on every page', () => {
  expect(isShownOn('/spaces/new', ['frame'])).toBe(true)
})
