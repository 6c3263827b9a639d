import { get as getPlain } from 'node:http'
import { get as getSecure } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeExit, type ManagedProcess } from '#dev/process/managed-process.ts'
import { StoppedWhileStarting } from './cleanup.ts'

type Answer = { status: number; body: string }

const ask = (url: string, ca: string | undefined) =>
  new Promise<Answer>((resolve, reject) => {
    const { protocol } = new URL(url)
    const options = { agent: false as const, timeout: 5_000, ...(ca !== undefined && { ca }) }
    const request = (protocol === 'https:' ? getSecure : getPlain)(url, options, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk.slice(0, 2_000)
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', reject)
  })

/**
 * Polls until the URL answers 200.
 * @param options.ca the PEM text of the CA for an https URL
 * @param options.signal aborts waiting
 * @throws StoppedWhileStarting; Error with the last answer and the process's last log lines when it ends, or is not
 * ready in time
 */
export async function waitUntilReady(
  server: ManagedProcess,
  url: string,
  options: { ca?: string | undefined; timeoutMs?: number; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const { timeoutMs = 60_000 } = options
  const deadline = Date.now() + timeoutMs
  let last = 'no answer'
  for (;;) {
    if (options.signal?.aborted) throw new StoppedWhileStarting('Stopped while starting.')
    const exit = server.exit()
    if (exit !== undefined) throw new Error(`${server.name} ended with ${describeExit(exit)}:\n${server.tail()}`)
    try {
      const { status, body } = await ask(url, options.ca)
      if (status === 200) return
      last = `${status} ${body.trim()}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    if (Date.now() > deadline) {
      throw new Error(`${server.name} is not ready after ${timeoutMs / 1000} s (${url}: ${last}):\n${server.tail()}`)
    }
    await sleep(50)
  }
}
