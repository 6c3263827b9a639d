import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { asksForPage, explainBlankPage } from './explain-blank-page.ts'

const servers: { close: () => unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** @returns what a client gets from a server that answers like this */
async function get(answer: (response: ServerResponse) => void): Promise<Response> {
  const server = createServer((_request, response) => {
    explainBlankPage(response)
    response.setHeader('x-request-id', 'an-id')
    answer(response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

const blank = '<!DOCTYPE html><html id="__next_error__"><head></head><body></body></html>'
const send = (status: number, page: string, type = 'text/html; charset=utf-8') =>
  get((response) => {
    response.statusCode = status
    response.setHeader('Content-Type', type)
    response.write(page.slice(0, 40))
    response.end(page.slice(40))
  })

test('a blank page says what happened, uncompressed', async () => {
  const missing = await send(404, blank)
  expect(await missing.text()).toMatch(/^<!DOCTYPE html>.*<noscript><h1>Page not found<\/h1>.*<a href="\/">/)
  expect(missing.headers.get('cache-control')).toBe('no-store, no-transform')
  expect(await (await send(500, blank)).text()).toMatch(/<noscript><h1>This page couldn’t be loaded<\/h1>.*an-id/)
  const ended = await get((response) => {
    response.statusCode = 500
    response.setHeader('content-type', 'text/html')
    response.end(blank)
  })
  expect(await ended.text()).toContain('<noscript>')
})

test('other responses are unchanged', async () => {
  const full = '<!DOCTYPE html><html lang="en"><body><h1>Page not found</h1></body></html>'
  expect(await (await send(404, full)).text()).toBe(full)
  expect(await (await send(200, blank)).text()).toBe(blank)
  const file = await send(404, blank, 'text/plain')
  expect(await file.text()).toBe(blank)
  expect(file.headers.get('cache-control')).toBeNull()
})

test.each([
  ['GET', '/spaces/web', {}, true],
  ['POST', '/spaces/new', {}, true],
  ['GET', '/spaces/web?_rsc=1', { rsc: '1' }, false],
  ['POST', '/spaces/new', { 'next-action': 'f00' }, false],
  ['GET', '/api/search', {}, false],
  ['GET', '/_next/static/chunk.js', {}, false],
  ['HEAD', '/', {}, false],
])('%s %s with %o asks for a page: %s', (method, url, headers, asks) => {
  expect(asksForPage({ method, url, headers } as IncomingMessage)).toBe(asks)
})
