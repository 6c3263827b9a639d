/**
 * A workload's manifest as a person edits it. What is sent to the cluster must never be another object than the one
 * they opened, or hold a value that differs from the text.
 */
import {
  type Alias,
  type CollectionTag,
  type Document,
  isScalar,
  parseDocument,
  type Scalar,
  type ScalarTag,
  stringify,
  visit,
  type YAMLMap,
} from 'yaml'
import { z } from 'zod'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'

/** Characters. Each may take three bytes of a request (lib/web/request/check-request-head.ts). */
export const maxEditedText = 64_000

/**
 * YAML as Kubernetes reads it: 1.1, in which `0644` is octal and `on` is true, without dates and other types that JSON
 * doesn’t have.
 */
const jsonTypes = ['map', 'seq', 'str', 'null', 'bool', 'int', 'float'].map((name) => `tag:yaml.org,2002:${name}`)
type Tag = ScalarTag | CollectionTag
const dialect = {
  version: '1.1',
  schema: 'yaml-1.1',
  merge: false,
  // The parser’s own check takes quadratic time.
  uniqueKeys: false,
  customTags: (tags: (Tag | string)[]): Tag[] =>
    tags.filter((tag): tag is Tag => typeof tag === 'object' && jsonTypes.includes(tag.tag) && tag.format !== 'TIME'),
} as const

/** Written by the API server and its clients; a person neither edits nor keeps them. */
const servedMetadata = ['managedFields', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'selfLink']
export const appliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration'

const objectSchema = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }),
})

/** @returns an object as YAML to edit, without status and what the API server writes itself */
export function renderEditable(object: unknown): string {
  const { status: _, metadata, ...rest } = objectSchema.parse(object)
  const { annotations, ...own } = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => !servedMetadata.includes(key)),
  )
  const kept = Object.entries(metadata.annotations ?? {}).filter(([key]) => key !== appliedAnnotation)
  const { apiVersion, kind, ...more } = rest
  const shown = {
    apiVersion,
    kind,
    metadata: { ...own, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) },
    ...more,
  }
  return stringify(shown, { ...dialect, lineWidth: 0, aliasDuplicateObjects: false })
}

/** What the text must name. */
export type EditedObject = { apiVersion: string; kind: string; name: string; namespace: string }

const identitySchema = z.looseObject({
  apiVersion: z.unknown().optional(),
  kind: z.unknown().optional(),
  metadata: z.looseObject({
    name: z.unknown().optional(),
    namespace: z.unknown().optional(),
    annotations: z.record(z.string(), z.unknown()).nullish(),
  }),
})
export type ParsedManifest = z.infer<typeof identitySchema>

/**
 * Reads the text that a person edited.
 * @throws AppError bad_input, with the reason at the field `manifest`
 */
export function parseEdited(text: string, of: EditedObject): ParsedManifest {
  const found = identitySchema.safeParse(readText(text))
  if (!found.success) throw unreadable('Write one object, with apiVersion, kind and metadata.')
  const { apiVersion, kind, metadata } = found.data
  const fixed = [
    ['apiVersion', apiVersion, of.apiVersion],
    ['kind', kind, of.kind],
    ['metadata.name', metadata.name, of.name],
    ['metadata.namespace', metadata.namespace ?? of.namespace, of.namespace],
  ]
  for (const [field, value, opened] of fixed)
    if (value !== opened) throw unreadable(`Keep ${field}: ${opened}. To make another object, use kubectl.`)
  return found.data
}

function readText(text: string): unknown {
  try {
    return readDocument(text).toJS()
  } catch (cause) {
    if (isAppError(cause)) throw cause
    // A long text of brackets nests deeper than any object.
    throw unreadable('This is nested too deeply.', cause)
  }
}

function readDocument(text: string): Document.Parsed {
  const document = parseDocument(text, dialect)
  if (document.directives.yaml.explicit) throw unreadable('Write no %YAML directive.')
  const [error] = document.errors
  if (error?.code === 'MULTIPLE_DOCS') throw unreadable('Write one document, without --- between several.')
  const [problem] = [error, ...document.warnings].filter((one) => one !== undefined)
  if (problem) {
    const line = problem.linePos?.[0].line
    const [why = ''] = problem.message.split(/ at line |\n/, 1)
    throw unreadable(`${line === undefined ? '' : `Line ${line}: `}${why.replace(/:$/, '')}`)
  }
  visit(document, {
    Map: (_, { items }: YAMLMap) => assertUniqueKeys(items.map(({ key }) => key)),
    Alias: (_, { source }: Alias) => {
      throw unreadable(`Write out *${source}: aliases aren’t supported here.`)
    },
    Scalar: (_, { value, source }: Scalar) => {
      if (typeof value === 'number' && !isExact(value)) throw unreadable(`${source} is too large a number.`)
    },
  })
  return document
}

/** Keys that become the same name in JSON are the same: `1` and `"1"`. */
function assertUniqueKeys(keys: readonly unknown[]) {
  const names = new Set<string>()
  for (const key of keys) {
    if (!isScalar(key)) throw unreadable('Write each key as a text.')
    const name = String(key.value ?? '')
    if (names.has(name)) throw unreadable(`${name} is there twice.`)
    names.add(name)
  }
}

const isExact = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))

const unreadable = (sentence: string, cause?: unknown): AppError =>
  new AppError('bad_input', { detail: 'manifest', fields: { manifest: sentence }, cause })
