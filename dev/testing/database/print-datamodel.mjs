/**
 * A generator for Prisma's command line (https://www.prisma.io/docs/orm/prisma-schema/overview/generators) that writes
 * Prisma's reading of a schema to the file in DATAMODEL_FILE. They exchange JSON-RPC, one message per line.
 */
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (method === 'generate') writeFileSync(process.env.DATAMODEL_FILE ?? '', JSON.stringify(params.dmmf.datamodel))
  const result = method === 'getManifest' ? { manifest: { prettyName: 'the data model', defaultOutput: '.' } } : null
  process.stderr.write(`${JSON.stringify({ jsonrpc: '2.0', id, result })}\n`)
}
