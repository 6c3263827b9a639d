import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { roles } from '#lib/kernel/model/access/role.ts'
import { roleRules } from '#lib/kernel/model/access/role-rules.ts'

const clusterRoleSchema = z.object({
  kind: z.string(),
  metadata: z.object({ name: z.string() }),
  rules: z
    .array(z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }))
    .default([]),
})

const text = await readFile(new URL('./cluster-chart/templates/20-space-roles.yaml', import.meta.url), 'utf8')
const manifests = parseAllDocuments(text).map((document) => clusterRoleSchema.parse(document.toJS()))

test.each(roles)('the ClusterRole of %ss has exactly the rules that the portal shows people', (role) => {
  const found = manifests.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === `spaceport:${role}`)
  const keys = (
    rules: readonly { apiGroups: readonly string[]; resources: readonly string[]; verbs: readonly string[] }[],
  ) =>
    rules
      .flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
        ),
      )
      .sort()
  expect(keys(found?.rules ?? [])).toEqual(keys(roleRules[role]))
})
