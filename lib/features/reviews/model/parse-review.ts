import { z } from 'zod'
import { roles } from '#lib/kernel/model/access/role.ts'
import type { ReviewedBinding, ReviewScope } from '#lib/kernel/model/requests/review.ts'

const named = z.object({ id: z.string(), name: z.string() })

const scope: z.ZodType<ReviewScope> = z.object({
  cluster: z.string().nullable(),
  spaces: z.array(named),
  people: z.array(named),
  roles: z.array(z.enum(roles)),
})

const binding: z.ZodType<ReviewedBinding> = z.object({
  kind: z.enum(['RoleBinding', 'ClusterRoleBinding']),
  name: z.string(),
  namespace: z.string().nullable(),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().nullable() })),
  leftOut: z.number(),
})

export const parseScope = (stored: unknown): ReviewScope => scope.parse(stored)

/** @returns a stored binding; null if it is invalid */
export const parseBinding = (stored: unknown): ReviewedBinding | null => binding.safeParse(stored).data ?? null
