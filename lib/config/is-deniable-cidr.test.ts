import { expect, test } from 'vitest'
import { isDeniableCidr } from './is-deniable-cidr.ts'

test.each([
  '10.0.0.0/8',
  '128.0.0.0/1',
  '192.0.2.7/32',
  '172.16.0.0/12',
  'fd00::/8',
  'FD12:0::/16',
  '2001:db8::1/128',
  '8000::/1',
  '64:ff9b::10.0.0.0/104',
  '1:2:3:4:5:6:7:8/128',
  '::1/128',
])('%s can be denied', (value) => {
  expect(isDeniableCidr(value)).toBe(true)
})

test.each([
  ['no length', '10.0.0.0'],
  ['too long a prefix', '10.0.0.0/33'],
  ['too long a prefix in IPv6', 'fd00::/129'],
  ['a leading zero', '010.0.0.0/8'],
  ['everywhere', '0.0.0.0/0'],
  ['all of IPv6', '::/0'],
  ['not its first address', '10.1.0.0/8'],
  ['not its first address, by the last bit', '192.0.2.7/31'],
  ['not its first address in IPv6', 'fd00::1/8'],
  ['not its first address, in the middle of a group', 'fd13::/15'],
  ['IPv4 in IPv6', '::ffff:10.0.0.0/104'],
  ['IPv4 in IPv6, in hexadecimal', '::ffff:a00:0/104'],
  ['a name', 'db.example.com'],
  ['nothing', ''],
])('%s can’t be denied (%s)', (_what, value) => {
  expect(isDeniableCidr(value)).toBe(false)
})
