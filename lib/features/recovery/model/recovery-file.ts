import { z } from 'zod'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import { placedGrant } from './parse-grants-on-cluster.ts'

/**
 * The format that `admin export` writes and `admin rebuild --database --export` reads: one JSON object per line.
 * Readers refuse other versions.
 */
export const recoveryFormat = { format: 'spaceport-recovery', version: 1 } as const

const instant = z.iso.datetime().transform((text) => new Date(text))
const text = z.string().max(10_000)
const handle = z.string().regex(/^[a-z][-a-z0-9]{0,62}$/)

const line = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('begin'),
    format: z.literal(recoveryFormat.format),
    version: z.literal(recoveryFormat.version),
    at: instant,
  }),
  z.strictObject({ kind: z.literal('cluster'), id: z.uuid(), name: text }),
  z.strictObject({
    kind: z.literal('person'),
    id: z.uuid(),
    issuer: text,
    subject: text,
    /** The ID token claim of the subject, and their `sub` if it is another one. Earlier releases omit both. */
    subjectClaim: text.optional(),
    oidcSub: text.nullable().optional(),
    handle,
    name: text,
    email: text,
    createdAt: instant,
    deactivatedAt: instant.nullable(),
    deactivationReason: text.nullable(),
    /** The groups in the last confirmation by the provider, and its time. */
    groups: z.array(z.string().refine(isGroupName)),
    groupsVerifiedAt: instant,
  }),
  /** A group that the provider pushes. The provider has to push its members again. */
  z.strictObject({ kind: z.literal('group'), issuer: text, name: text, people: z.array(handle) }),
  z.strictObject({
    kind: z.literal('space'),
    id: z.uuid(),
    cluster: text,
    name: text,
    namespace: text,
    namespaceUid: text.nullable(),
    description: text,
    size: z.enum(sizes),
    owner: handle,
    status: text,
    createdAt: instant,
    endsAt: instant.nullable(),
  }),
  z.strictObject({ kind: z.literal('grant'), space: z.uuid(), grant: placedGrant }),
  z.strictObject({
    kind: z.literal('policy'),
    number: z.int().positive(),
    rules: z.record(z.string(), z.unknown()),
    reason: text,
    author: handle,
    createdAt: instant,
  }),
  /** A cluster's own data. Not used for a rebuild, which asks the cluster again. */
  z.strictObject({ kind: z.literal('found'), cluster: text, said: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('unread'), cluster: text, why: text }),
  z.strictObject({ kind: z.literal('end'), lines: z.int() }),
])

type RecoveryLine = z.output<typeof line>
export type RecoveryInput = z.input<typeof line>
type LineOf<K extends RecoveryLine['kind']> = Extract<RecoveryLine, { kind: K }>
export type ExportedPerson = LineOf<'person'>
export type ExportedPolicy = LineOf<'policy'>

/** The data that a file adds. */
export type RecoveryFile = {
  at: Date
  people: ExportedPerson[]
  spaces: LineOf<'space'>[]
  grants: LineOf<'grant'>[]
  policy: ExportedPolicy | null
}

/**
 * @returns the error for an unusable file
 * @param number the line, from 1
 */
const unusable = (number: number, why: string) => new Error(`Line ${number} of the export can’t be used: ${why}.`)

/**
 * Parses an export line by line.
 * @throws Error with the line number, for another format or version, unknown content, or a missing end
 */
export async function parseRecoveryFile(lines: Iterable<string> | AsyncIterable<string>): Promise<RecoveryFile> {
  const read: RecoveryLine[] = []
  let number = 0
  for await (const json of lines) {
    number++
    if (read.at(-1)?.kind === 'end') throw unusable(number, 'this is after the end of the file')
    read.push(parseLine(json, number))
    if (number === 1 && read[0]?.kind !== 'begin') throw unusable(1, 'it doesn’t name the format')
    if (number > 1 && read.at(-1)?.kind === 'begin') throw unusable(number, 'the header occurs twice')
  }
  const [begin] = read
  const end = read.at(-1)
  if (begin?.kind !== 'begin') throw new Error('The export is empty.')
  if (end?.kind !== 'end') throw new Error('The export is truncated: its last line is missing.')
  if (end.lines !== number) throw unusable(number, `it counts ${end.lines} lines, and there are ${number}`)
  const policies = read.filter((one) => one.kind === 'policy').toSorted((a, b) => b.number - a.number)
  return {
    at: begin.at,
    people: read.filter((one) => one.kind === 'person'),
    spaces: read.filter((one) => one.kind === 'space'),
    grants: read.filter((one) => one.kind === 'grant'),
    policy: policies[0] ?? null,
  }
}

function parseLine(json: string, number: number): RecoveryLine {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw unusable(number, 'it isn’t JSON')
  }
  const parsed = line.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw unusable(number, issue ? `${issue.path.join('.') || 'it'}: ${issue.message}` : 'its format is unknown')
}
