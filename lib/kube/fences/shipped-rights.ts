import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import type { ShippedRights } from '#lib/features/clusters/model/own-rights.ts'
import type { FoundBinding, FoundRole } from '#lib/features/clusters/model/rights-findings.ts'
import { bindingSchema, roleSchema, toFoundBinding, toFoundRole } from '#lib/kube/rights/found-bindings.ts'

const folder = join(import.meta.dirname, '..', '..', '..', 'deploy', 'cluster-chart', 'templates')
const kindSchema = z.looseObject({ kind: z.string() })

let read: Promise<ShippedRights> | undefined

/** From deploy/cluster-chart/templates; reads the files once. */
export function readShippedRights(): Promise<ShippedRights> {
  read ??= readAll()
  return read
}

async function readAll(): Promise<ShippedRights> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  const roles: FoundRole[] = []
  const bindings: FoundBinding[] = []
  for (const document of texts.flatMap((text) => parseAllDocuments(text))) {
    const object: unknown = document.toJS()
    if (object === null) continue
    const { kind } = kindSchema.parse(object)
    if (kind === 'ClusterRole' || kind === 'Role') roles.push(toFoundRole(kind, roleSchema.parse(object)))
    else if (kind === 'ClusterRoleBinding' || kind === 'RoleBinding')
      bindings.push(toFoundBinding(kind, bindingSchema.parse(object)))
  }
  return { roles, bindings }
}
