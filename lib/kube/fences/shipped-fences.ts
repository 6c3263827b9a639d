import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'

const file = join(import.meta.dirname, '..', '..', '..', 'deploy', 'cluster-chart', 'templates', '60-fences.yaml')
const fenceSchema = z.object({
  apiVersion: z.string(),
  kind: z.enum(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']),
  metadata: z.object({ name: z.string() }),
  spec: z.record(z.string(), z.unknown()),
})
export type ShippedFence = z.infer<typeof fenceSchema>

let read: Promise<ShippedFence[]> | undefined

/** Reads the file once. */
export function readShippedFences(): Promise<ShippedFence[]> {
  read ??= readFile(file, 'utf8').then((text) =>
    parseAllDocuments(text)
      .map((document): unknown => document.toJS())
      .filter((document) => document !== null)
      .map((document) => fenceSchema.parse(document)),
  )
  return read
}
