import { readFileSync } from 'node:fs'
import { Client } from 'undici'

/**
 * Direct access to the API server’s store: creating tens of thousands of objects through the API would take minutes.
 */
export type Etcd = {
  put(entries: readonly { key: string; value: object }[]): Promise<void>
  close(): Promise<void>
}

/** etcd’s limit for one transaction (`--max-txn-ops`). */
const maxOperations = 128

/** Speaks JSON to etcd (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/). */
export function openEtcd(port: number, tls: { caFile: string; certFile: string; keyFile: string }): Etcd {
  const client = new Client(`https://127.0.0.1:${port}`, {
    connect: { ca: readFileSync(tls.caFile), cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
    allowH2: false,
  })
  const encode = (text: string) => Buffer.from(text).toString('base64')
  return {
    async put(entries) {
      for (let at = 0; at < entries.length; at += maxOperations) {
        const success = entries
          .slice(at, at + maxOperations)
          .map(({ key, value }) => ({ requestPut: { key: encode(key), value: encode(JSON.stringify(value)) } }))
        const answer = await client.request({ method: 'POST', path: '/v3/kv/txn', body: JSON.stringify({ success }) })
        const text = await answer.body.text()
        if (answer.statusCode !== 200) throw new Error(`etcd answered ${answer.statusCode}: ${text.slice(0, 500)}`)
      }
    },
    close: () => client.close(),
  }
}
