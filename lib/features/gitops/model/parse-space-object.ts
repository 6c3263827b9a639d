import { z } from 'zod'
import { roles } from '#lib/kernel/model/access/role.ts'
import { earliest, latest } from '#lib/kernel/model/calendar.ts'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { type DeclaredSpace, memberKey } from '#lib/kernel/model/spaces/space-object.ts'

const instant = z.iso
  .datetime({ offset: true })
  .max(40)
  .transform((text) => new Date(text))
  .pipe(z.date().min(earliest).max(latest))
/** Postgres stores neither NUL nor lone surrogates. */
const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((given) => !given.includes('\0') && given.isWellFormed())
const terms = { role: z.enum(roles), endsAt: instant.nullish().transform((end) => end ?? null) }

/** Repeats the CRD's schema, since an object may be older than that. */
const specSchema = z
  .strictObject({
    description: text(500).default(''),
    size: z.enum(sizes),
    expiresAt: instant.nullish().transform((end) => end ?? null),
    members: z
      .array(
        z.union([
          z.strictObject({
            person: z
              .string()
              .max(63)
              .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
            ...terms,
          }),
          z.strictObject({ group: z.string().trim().min(1).max(256).refine(isGroupName), ...terms }),
        ]),
      )
      .max(100)
      .refine((members) => new Set(members.map(memberKey)).size === members.length)
      .nullish()
      .transform((members) => members ?? null),
    reason: text(1_000).default(''),
    deletionPolicy: z.enum(['Retain', 'Delete']).default('Retain'),
  })
  .transform(
    ({ expiresAt, deletionPolicy, ...rest }): DeclaredSpace => ({
      ...rest,
      endsAt: expiresAt,
      deletes: deletionPolicy === 'Delete',
    }),
  )

/** @returns what an object declares, or the path of the invalid field */
export function parseSpaceSpec(spec: unknown): { ok: true; declared: DeclaredSpace } | { ok: false; path: string } {
  const parsed = specSchema.safeParse(spec)
  if (parsed.success) return { ok: true, declared: parsed.data }
  const path = parsed.error.issues[0]?.path.map(String).join('.').slice(0, 100)
  return { ok: false, path: path ? `spec.${path}` : 'spec' }
}

const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  observedGeneration: z.int().optional(),
  lastTransitionTime: z.string(),
  reason: z.string(),
  message: z.string(),
})

/** The trusted parts of an object: what the API server wrote. The status is only compared with the expected one. */
export const spaceObjectSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string().min(1).max(64),
    creationTimestamp: z.iso.datetime(),
    generation: z.int().positive().max(2_147_483_647),
    deletionTimestamp: z.string().optional(),
    finalizers: z.array(z.string()).default([]),
  }),
  spec: z.unknown(),
  status: z
    .object({ conditions: z.array(conditionSchema).catch([]) })
    .loose()
    .optional()
    .catch(undefined),
})
export type SpaceObject = z.infer<typeof spaceObjectSchema>
