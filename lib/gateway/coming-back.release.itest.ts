import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent } from 'undici'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { openGatewayFixture } from '#dev/testing/fixtures/gateway-fixture.ts'

/** After a gateway restart, all clients of an office reconnect at once from one address. */
const clients = 500
let fixture: Awaited<ReturnType<typeof openGatewayFixture>>
let tokens: string[]

const newToken = async (readable: string) => (await fixture.credential(await fixture.person(readable))).token

beforeAll(async () => {
  fixture = await openGatewayFixture()
  tokens = await Promise.all(Array.from({ length: clients }, (_, at) => newToken(`clerk-${at}`)))
}, 120_000)
afterAll(() => fixture?.close())

/** In a separate process: each client connects at once and retries until it has its answer. */
const office = `
const { readFileSync } = require('node:fs')
const https = require('node:https')
const { port, ca, tokens } = JSON.parse(readFileSync(process.argv[1], 'utf8'))
const begun = performance.now()
const seconds = () => (performance.now() - begun) / 1000
const failures = {}
function ask(token, done) {
  const again = (why) => { failures[why] = (failures[why] ?? 0) + 1; setTimeout(ask, 500, token, done) }
  const request = https.get({
    host: '127.0.0.1', localAddress: '127.0.0.7', port, ca, agent: false,
    path: '/clusters/default/version', headers: { authorization: 'Bearer ' + token },
  })
  request.on('response', (response) => {
    response.on('error', () => {})
    response.resume()
    if (response.statusCode === 200) done(seconds())
    else again(response.statusCode)
  })
  request.on('error', (error) => again(error.code))
}
const times = []
for (const token of tokens)
  ask(token, (time) => {
    times.push(time)
    if (times.length < tokens.length && seconds() < 60) return
    process.stdout.write(JSON.stringify({ seconds: seconds(), half: times[tokens.length / 2], failures }))
    process.exit()
  })`

async function comeBack(port: number): Promise<{ seconds: number }> {
  const file = join(fixture.dir, 'office.json')
  writeFileSync(file, JSON.stringify({ port, ca: fixture.ca, tokens }))
  const child = spawn(process.execPath, ['-e', office, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += String(chunk)
  })
  await once(child, 'close')
  return JSON.parse(said)
}

async function useBeside<T>(port: number, act: () => Promise<T>): Promise<T> {
  const agent = new Agent({ connect: { ca: fixture.ca } })
  const authorization = `Bearer ${await newToken('other')}`
  const path = '/clusters/default/version'
  let over = false
  const using = (async () => {
    while (!over) {
      const asked = agent.request({
        origin: `https://127.0.0.1:${port}`,
        path,
        method: 'GET',
        headers: { authorization },
      })
      await asked.then(({ body }) => body.dump()).catch(() => {})
      await delay(20)
    }
  })()
  try {
    return await act()
  } finally {
    over = true
    await using
    await agent.close()
  }
}

test('500 clients behind one address reconnect within seconds, while others keep using the gateway', {
  timeout: 300_000,
}, async () => {
  // At eight a second it would take over sixty seconds; only an overloaded machine takes more than a few.
  const seconds = await fastestOfThree(30, async () => {
    const gateway = await fixture.start()
    const { seconds } = await useBeside(gateway.port, () => comeBack(gateway.port))
    await gateway.stop()
    return seconds
  })
  expect(seconds).toBeLessThan(30)
})
