import { get } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'

/** What a client of the control plane needs. */
export type Trust = { ca: Buffer; client: { cert: Buffer; key: Buffer } }

/**
 * Polls an HTTPS URL until it answers 200.
 * @param options.gone returns the reason once waiting is pointless
 * @returns undefined once healthy, or the problem
 */
export async function waitForHealth(
  url: string,
  options: Trust & { gone: () => string | undefined; timeoutMs: number },
): Promise<string | undefined> {
  const end = Date.now() + options.timeoutMs
  for (;;) {
    const answer = await ask(url, options)
    if (answer === 200) return undefined
    const reason = options.gone()
    if (reason !== undefined) return reason
    if (Date.now() > end) return `${url} did not become healthy within ${options.timeoutMs / 1000} s: ${answer}.`
    await delay(50)
  }
}

const ask = (url: string, trust: Trust) =>
  new Promise<number | string>((resolve) => {
    const request = get(url, { ca: trust.ca, ...trust.client, agent: false, timeout: 5_000 }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    request.on('timeout', () => request.destroy(new Error('no answer within 5 s')))
    request.on('error', (error) => resolve(error.message))
  })
