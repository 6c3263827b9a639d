import { lookup } from 'node:dns/promises'
import type { Check } from './check.ts'
import { good } from './finding.ts'

/** Whether a URL's name resolves here. */
export const resolves = (url: URL): Check => ({
  about: `The name ${url.hostname}`,
  remedy: 'point it at the Ingress or the LoadBalancer in DNS (docs/install.md, 6)',
  run: async () => {
    const found = await lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true })
    return good(`${url.hostname} is ${found.map(({ address }) => address).join(', ')}`)
  },
})
