import { expect, test } from 'vitest'
import { isShownOn, parseNotification, topics } from './notification-message.ts'

const id = '01234567-89ab-4cde-8f01-23456789abcd'

test('a notification reaches the people it affects', () => {
  expect(parseNotification('spaceport_person', `inbox:${id}`)).toEqual({ topics: ['inbox'], audience: { person: id } })
  expect(parseNotification('spaceport_person', 'requests:deciders')).toEqual({
    topics: ['requests'],
    audience: 'deciders',
  })
  expect(parseNotification('spaceport_access', `space:${id}`)).toEqual({ topics: ['spaces'], audience: { space: id } })
  expect(parseNotification('spaceport_access', `user:${id}`)).toEqual({
    topics: ['spaces', 'requests'],
    audience: { person: id },
  })
  expect(parseNotification('spaceport_access', 'policy:7')).toEqual({ topics: ['requests'], audience: 'everybody' })
  expect(parseNotification('spaceport_person', `health:${id}`)).toEqual({
    topics: ['spaces'],
    audience: { membersOf: id },
  })
  expect(parseNotification('spaceport_session', id)).toEqual({ topics: [], audience: { person: id } })
})

test('unknown notifications reach no one', () => {
  for (const [channel, payload] of [
    ['spaceport_person', `weather:${id}`],
    ['spaceport_person', 'inbox:someone'],
    ['spaceport_person', 'health:someone'],
    ['spaceport_person', ''],
    ['spaceport_access', 'space:somewhere'],
    ['spaceport_access', `credential:${id}`],
    ['spaceport_session', ''],
    ['spaceport_trail', '7'],
  ] as const)
    expect(parseNotification(channel, payload), `${channel} ${payload}`).toBeNull()
})

test('a page updates for the topics it shows; of the forms only the policy’s does, to warn that it is out of date', () => {
  expect(isShownOn('/', ['spaces'])).toBe(true)
  expect(isShownOn('/inbox', ['requests'])).toBe(true)
  expect(isShownOn('/requests', ['requests'])).toBe(true)
  expect(isShownOn('/requests/open', ['requests'])).toBe(true)
  expect(isShownOn('/admin', ['spaces'])).toBe(true)
  expect(isShownOn('/admin', ['inbox'])).toBe(true)
  expect(isShownOn(`/requests/${id}`, ['requests'])).toBe(true)
  expect(isShownOn('/credentials', ['credentials'])).toBe(true)
  expect(isShownOn('/admin/policy', ['requests']), 'another version').toBe(true)
  expect(isShownOn('/credentials', ['inbox', 'requests', 'spaces'])).toBe(false)
  const others = topics.filter((topic) => topic !== 'frame')
  for (const path of ['/requests/new', '/inbox/settings', '/spaces/new', '/spaces/requests', '/profile'])
    expect(isShownOn(path, others), path).toBe(false)
})

test('every page updates for the frame topic', () => {
  expect(isShownOn('/spaces/new', ['frame'])).toBe(true)
})
