import { expect, test } from 'vitest'
import { createReach, targetOf } from './reach.ts'

const { allows: open } = createReach({ allowedHosts: [], deniedCidrs: ['203.0.112.0/24', '2a00:1::/32'] })
const to = (url: string) => targetOf(new URL(url))
const site = to('https://hooks.example.com/x')

test.each([
  ['this network', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.1.1'],
  ['shared by a carrier', '100.64.0.1'],
  ['shared by a carrier', '100.127.255.255'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['link-local, metadata', '169.254.169.254'],
  ['metadata of Alibaba', '100.100.100.200'],
  ['metadata of Azure', '168.63.129.16'],
  ['metadata of Oracle', '192.0.0.192'],
  ['protocol assignments', '192.0.0.8'],
  ['documentation', '192.0.2.1'],
  ['documentation', '198.51.100.1'],
  ['documentation', '203.0.113.1'],
  ['benchmarks', '198.18.0.1'],
  ['benchmarks', '198.19.255.255'],
  ['6to4 relays', '192.88.99.1'],
  ['multicast', '224.0.0.1'],
  ['multicast', '239.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['compatible with IPv4', '::127.0.0.1'],
  ['mapped loopback', '::ffff:127.0.0.1'],
  ['mapped private', '::ffff:a00:1'],
  ['mapped private, written in full', '0:0:0:0:0:ffff:c0a8:0101'],
  ['translated (SIIT)', '::ffff:0:10.0.0.1'],
  ['NAT64 of private', '64:ff9b::10.0.0.1'],
  ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
  ['NAT64 of loopback', '64:ff9b::7f00:1'],
  ['NAT64 of 0.0.0.1', '64:ff9b::1'],
  ['NAT64 of a local network', '64:ff9b:1::8.8.8.8'],
  ['discard', '100::1'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['ORCHID', '2001:20::1'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['6to4 of private', '2002:a00:1::1'],
  ['6to4 of public', '2002:808:808::1'],
  ['segment routing', '5f00::1'],
  ['unique local', 'fc00::1'],
  ['metadata of AWS', 'fd00:ec2::254'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:4700:4700::1111%eth0'],
  ['site-local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['unallocated', '4000::1'],
  ['denied by the operator', '203.0.112.7'],
  ['denied by the operator', '2a00:1::7'],
  ['not an address', 'hooks.example.com'],
  ['not an address', ''],
  ['not an address as such', '0x7f.1'],
])('no webhook goes to an address that is %s: %s', (_kind, address) => {
  expect(open(site, address)).toBe(false)
})

test.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '100.63.0.1', '100.128.0.1', '192.0.1.1', '198.17.0.1', '223.0.0.1'])(
  'a public address is allowed: %s',
  (address) => {
    expect(open(site, address)).toBe(true)
    expect(open(site, `::ffff:${address}`)).toBe(true)
    expect(open(site, `64:ff9b::${address}`)).toBe(true)
  },
)

test.each(['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:2::1'])('so is %s', (address) => {
  expect(open(site, address)).toBe(true)
})

test.each(['http://hooks.example.com/', 'https://hooks.example.com:8443/', 'https://hooks.example.com:25/'])(
  'a public address is only allowed by https on port 443: %s isn’t',
  (url) => {
    expect(open(to(url), '8.8.8.8')).toBe(false)
  },
)

test.each([
  'https://0x7f.1/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://[::ffff:7f00:1]/',
])('every notation of loopback is recognized: %s', (url) => {
  const target = to(url)
  expect(open(target, target.host.replace(/^\[|\]$/g, ''))).toBe(false)
})

test('the operator can allow hosts, ports of hosts, and ranges, and nothing else becomes reachable', () => {
  const { allows: listed } = createReach({
    allowedHosts: ['chat.internal', 'Build.internal:9000', '10.20.0.0/16', '[fd00::7]:8080', '2001:db8:1::/48'],
    deniedCidrs: ['10.0.0.0/8'],
  })
  expect(listed(to('http://chat.internal/'), '10.1.1.1'), 'whatever its address, scheme and port').toBe(true)
  expect(listed(to('https://CHAT.internal.:1234/'), '10.1.1.1')).toBe(true)
  expect(listed(to('https://build.internal:9000/'), '10.1.1.1')).toBe(true)
  expect(listed(to('https://build.internal/'), '10.1.1.1')).toBe(false)
  expect(listed(to('https://evil-chat.internal/'), '10.1.1.1')).toBe(false)
  expect(listed(to('https://chat.internal.evil.example/'), '10.1.1.1')).toBe(false)
  expect(listed(to('http://anything.example:81/'), '10.20.255.255')).toBe(true)
  expect(listed(to('http://anything.example:81/'), '::ffff:10.20.255.255')).toBe(true)
  expect(listed(to('http://anything.example:81/'), '10.21.0.0')).toBe(false)
  expect(listed(to('http://[fd00::7]:8080/'), 'fd00::7')).toBe(true)
  expect(listed(to('http://[fd00::7]/'), 'fd00::7')).toBe(false)
  expect(listed(to('http://x.example/'), '2001:db8:1::5')).toBe(true)
})
