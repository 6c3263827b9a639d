import { z } from 'zod'
import { objectMetadataSchema } from '#lib/kube/client/object-metadata.ts'

export type ObservedNamespace = {
  name: string
  uid: string
  labels: Record<string, string>
  annotations: Record<string, string>
  /** It is being deleted, even if it still accepts changes. */
  terminating: boolean
  /** Sentences about the causes that block its deletion; empty while the deletion is only slow. */
  blockers: string[]
}

const conditionSchema = z.object({ type: z.string(), status: z.string(), message: z.string().default('') })
type Condition = z.infer<typeof conditionSchema>

export const namespaceSchema = z.object({
  metadata: objectMetadataSchema.shape.metadata.extend({ name: z.string(), uid: z.string() }),
  status: z.object({ conditions: z.array(conditionSchema).default([]) }).default({ conditions: [] }),
})

export const observeNamespace = ({ metadata, status }: z.infer<typeof namespaceSchema>): ObservedNamespace => ({
  name: metadata.name,
  uid: metadata.uid,
  labels: metadata.labels,
  annotations: metadata.annotations,
  terminating: metadata.deletionTimestamp !== undefined,
  blockers: metadata.deletionTimestamp === undefined ? [] : blockersOf(status.conditions),
})

export const observedNamespaceSchema = namespaceSchema.transform(observeNamespace)

/**
 * Describes the namespace controller's conditions
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/): resources by count, finalizers by
 * name, API groups that do not answer.
 * @returns one sentence per cause
 */
export function blockersOf(conditions: readonly Condition[]): string[] {
  const messageOf = (type: string) => conditions.find((c) => c.type === type && c.status === 'True')?.message
  const sentences: string[] = []
  const finalizers = messageOf('NamespaceFinalizersRemaining')
  const content = messageOf('NamespaceContentRemaining')
  if (finalizers !== undefined)
    sentences.push(
      `Waiting for finalizers: ${listOf(finalizers, / in \d+ resource instances?/g)}. ` +
        'The controller that set a finalizer removes it; if that controller is gone, ask a cluster admin.',
    )
  if (content !== undefined)
    sentences.push(`Still there: ${listOf(content, / has (\d+) resource instances?/g, ' ($1)')}.`)
  if (messageOf('NamespaceDeletionDiscoveryFailure') !== undefined)
    sentences.push(
      'An API extension of the cluster isn’t responding, which blocks every deletion. A cluster admin needs to check its APIServices.',
    )
  if (
    messageOf('NamespaceDeletionContentFailure') !== undefined ||
    messageOf('NamespaceDeletionGroupVersionParsingFailure') !== undefined
  )
    sentences.push('The cluster couldn’t delete some of the content and keeps retrying.')
  return sentences
}

/** "Some …: a in 1 resource instances, b in …" → "a, b" */
const listOf = (message: string, count: RegExp, replacement = '') =>
  message
    .slice(message.indexOf(':') + 1)
    .trim()
    .replace(count, replacement)
    .replace(/\.(?=[ ,]|$)/g, '')
