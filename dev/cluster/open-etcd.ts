import { readFileSync } from 'node:fs'
import { Client } from 'undici'
import { z } from 'zod'

/** etcd, and a client certificate that it accepts. */
export type EtcdAddress = { url: string; caFile: string; certFile: string; keyFile: string }

/** An operation of a transaction: keys and values in base64. */
export type EtcdOperation = { requestPut: { key: string; value: string } } | { requestDeleteRange: { key: string } }

/** etcd’s limit for one transaction (`--max-txn-ops`). */
const maxOperations = 128

const txnSchema = z.object({ header: z.object({ revision: z.string() }) })

/**
 * Direct access to an API server’s store, for bulk changes that would take minutes through its API. Speaks JSON to etcd
 * (https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/).
 */
export function openEtcd({ url, caFile, certFile, keyFile }: EtcdAddress) {
  const [ca, cert, key] = [readFileSync(caFile), readFileSync(certFile), readFileSync(keyFile)]
  const client = new Client(url, { connect: { ca, cert, key }, allowH2: false })
  /** @throws Error with etcd's answer */
  async function call<T>(method: 'range' | 'txn', body: object, schema: z.ZodType<T>): Promise<T> {
    const answer = await client.request({ method: 'POST', path: `/v3/kv/${method}`, body: JSON.stringify(body) })
    const text = await answer.body.text()
    if (answer.statusCode !== 200) throw new Error(`etcd answered ${answer.statusCode}: ${text.slice(0, 500)}`)
    return schema.parse(JSON.parse(text))
  }
  return {
    call,
    /** @param onWritten called after each transaction with its operations and their revision */
    async write<T extends EtcdOperation>(
      operations: readonly T[],
      onWritten: (written: readonly T[], revision: string) => void = () => {},
    ): Promise<void> {
      for (let at = 0; at < operations.length; at += maxOperations) {
        const success = operations.slice(at, at + maxOperations)
        const { header } = await call('txn', { success }, txnSchema)
        onWritten(success, header.revision)
      }
    },
    close: () => client.close(),
  }
}
export type Etcd = ReturnType<typeof openEtcd>
