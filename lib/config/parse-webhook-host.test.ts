import { expect, test } from 'vitest'
import { parseWebhookHost } from './parse-webhook-host.ts'

test.each([
  ['chat.example.com', { host: 'chat.example.com', port: null }],
  ['Chat.example.com:443', { host: 'chat.example.com', port: 443 }],
  ['127.1:80', { host: '127.0.0.1', port: 80 }],
  ['[FD00::0007]:80', { host: '[fd00::7]', port: 80 }],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['fd00::/8', 'fd00::/8'],
])('%s is one', (item, parsed) => {
  expect(parseWebhookHost(item)).toEqual(parsed)
})

test.each([
  'https://chat.example.com',
  'a b',
  '*.example.com',
  'host:99999',
  'host:',
  '10.0.0.0/33',
  'fd00::7',
  'a@b',
  '',
])('%s isn’t', (item) => {
  expect(parseWebhookHost(item)).toBeNull()
})
