import { lookup } from 'node:dns/promises'
import type { Check } from './check.ts'
import { good } from './finding.ts'

const inFront = 'point it at the Gateway, Ingress or LoadBalancer in DNS (docs/install.md, 6)'

/** Whether a URL's name resolves here. */
export const resolves = (url: URL, remedy = inFront): Check => ({
  about: `The name ${url.hostname}`,
  gate: true,
  remedy,
  run: async () => {
    const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true })
    return good(`${url.hostname} is ${found.map(({ address }) => address).join(', ')}`)
  },
})
