import { get } from 'node:https'
import { setTimeout as delay } from 'node:timers/promises'

/** What is needed to talk to a server of the control plane. */
export type Trust = { ca: Buffer; client: { cert: Buffer; key: Buffer } }

/**
 * Asks an HTTPS URL until it answers 200.
 * @param options.gone says why waiting is pointless, as soon as it is
 * @returns undefined once healthy, or what is wrong
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
