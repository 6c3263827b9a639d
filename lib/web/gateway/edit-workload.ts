import 'server-only'
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { workloadApi, workloadPath } from '#lib/features/audit/model/workload-api.ts'
import {
  appliedAnnotation,
  maxEditedText,
  type ParsedManifest,
  parseEdited,
  renderEditable,
} from '#lib/features/spaces/model/edited-manifest.ts'
import { type DiffHunk, diffLines } from '#lib/features/spaces/model/manifest-diff.ts'
import { type WorkloadRef, workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { locateSpace } from '#lib/features/spaces/use-cases/locate-space.ts'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import { type SpaceKey, spaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { readObject } from './change-object.ts'

export const editInput = z.strictObject({
  space: spaceKey,
  of: workloadRef,
  /** Of the text that the person opened. */
  base: z.string().regex(/^[0-9a-f]{64}$/),
  manifest: z.string().max(maxEditedText),
  step: z.enum(['preview', 'save']),
})

/** `base` identifies the text. */
export type Editable = { text: string; base: string; tooLong: boolean }
/** Null: too much to show. */
export type EditPreview = { hunks: DiffHunk[] | null }

const objectSchema = z.looseObject({
  metadata: z.looseObject({
    uid: z.string(),
    resourceVersion: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
})
type FoundObject = z.infer<typeof objectSchema>

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/**
 * Reads a workload’s manifest to edit, unmasked, through the gateway as the person.
 * @throws AppError not_found, forbidden; as readObject
 */
export async function readEditable(
  ctx: CallerContext,
  { space, of }: { space: SpaceKey; of: WorkloadRef },
): Promise<Editable> {
  const { cluster, namespace } = await locateSpace(ctx, space)
  const text = renderEditable(await readObject(ctx, { cluster, path: workloadPath(namespace, of) }, objectSchema))
  return { text, base: hashOf(text), tooLong: text.length > maxEditedText }
}

/** Its status changes all the time, which an edit doesn’t conflict with. */
const attempts = 3

/**
 * Saves an edited manifest, or asks the API server in a dry run what it would store. Nothing is saved if the workload
 * has changed since the person opened it, except for its status.
 * @returns how it differs from what is there
 * @throws AppError bad_input; not_found, forbidden; as readObject
 */
export async function editWorkload(ctx: CallerContext, asked: z.infer<typeof editInput>): Promise<EditPreview> {
  const { cluster, namespace } = await locateSpace(ctx, asked.space)
  const { of, base, step } = asked
  const { apiVersion } = workloadApi(of.kind)
  const edited = parseEdited(asked.manifest.replaceAll('\r\n', '\n'), { ...of, apiVersion, namespace })
  const path = workloadPath(namespace, of)
  const query = new URLSearchParams({
    fieldValidation: 'Strict',
    fieldManager: 'spaceport',
    ...(step === 'preview' && { dryRun: 'All' }),
  })
  for (let attempt = 1; ; attempt++) {
    const found = await readObject(ctx, { cluster, path }, objectSchema)
    const before = renderEditable(found)
    if (hashOf(before) !== base) throw changedSince(of)
    const body = { type: 'application/json', content: withVersion(edited, found) }
    try {
      const stored = await readObject(ctx, { cluster, path, query, method: 'PUT', body }, objectSchema)
      return { hunks: diffLines(before, renderEditable(stored)) }
    } catch (error) {
      if (!isAppError(error, 'object_changed')) throw error
      if (attempt === attempts) throw changedSince(of)
    }
  }
}

/** The edited object, at the version that was just read, with the annotation that the text leaves out. */
function withVersion({ metadata, ...edited }: ParsedManifest, { metadata: found }: FoundObject): unknown {
  const applied = found.annotations[appliedAnnotation]
  const { annotations } = z.object({ annotations: z.looseObject({}).nullish() }).parse(metadata)
  return {
    ...edited,
    metadata: {
      ...metadata,
      ...(applied !== undefined && { annotations: { ...annotations, [appliedAnnotation]: applied } }),
      uid: found.uid,
      resourceVersion: found.resourceVersion,
    },
  }
}

const changedSince = ({ name }: WorkloadRef): AppError =>
  new AppError('object_changed', {
    sentence: `${name} has changed since you opened it, so nothing was saved. Copy your text, reload the page and make your change again.`,
  })
