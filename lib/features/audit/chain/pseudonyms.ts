/**
 * Rows with replaced personal columns (docs/adr/0030-archives-and-pseudonyms.md). Must never accept any other name than
 * a pseudonym, nor a pseudonym for which the sealed trail doesn't record the person, a complete offboarding before it,
 * and the new content of the row.
 */
import { lifeActions, pseudonymAction, type TrailRow } from '#lib/features/audit/model/sealed-trail.ts'
import type { NoteKind, ReportFinding, RowNamed } from './finding.ts'
import { replacementHash } from './hashes.ts'
import { followLives, type Standing } from './lives.ts'
import { createRecords, createTextSet, indexBySeq } from './packed-records.ts'

const formerName = 'Former person'
const pseudonym = /^former-[0-9a-f]{10}$/
const mentions = /former-[0-9a-f]{10}|Former person/g

/** A `person.pseudonymise-rows`. */
type Permit = { person: string; handle: string; run: string; isAfterRun: boolean; isSealed: boolean }
type Run = { person: string; handle: string; standing: Standing }
/** The relevant content of replaced rows. Many rows share the same one. */
type Content = Pick<TrailRow, 'action' | 'actorKind' | 'actorId' | 'actorHandle' | 'actorName'> & {
  target: { id: string; name: string | null } | null
  hasClient: boolean
  mentioned: string
}

type Doubt = { fault: string } | { unchecked: true } | null
const unchecked = { unchecked: true } as const

const lives = new Set(lifeActions)

// Layouts of a permit for a row, and of a replaced row. They differ after the hash.
const seqAt = 0
const ofAt = 8
const hashAt = 12
const hashSize = 32
const permitSize = hashAt + hashSize
const blockAt = permitSize
const recordedAt = blockAt + 8
const idAt = recordedAt + 8
const idSize = 16
const replacedSize = idAt + idSize

export function followPseudonyms() {
  const permits: Permit[] = []
  const permitted = createRecords(permitSize)
  const runs = new Map<string, Run>()
  const people = followLives()
  const actors = createTextSet()
  const names = createTextSet()
  const contents: Content[] = []
  const contentNumbers = new Map<string, number>()
  const replaced = createRecords(replacedSize)

  /** @param sealedAt when the row's block was sealed, in milliseconds; null: it isn't sealed or verified */
  function noteRecord(row: TrailRow, sealedAt: number | null): void {
    const { action, targetId, targetName } = row
    if (row.intentId !== null || row.route !== null || targetId === null || row.targetKind !== 'person') return
    if (lives.has(action)) {
      people.noteAct(targetId, row, sealedAt)
      return
    }
    // A row that records a replacement is never replaced itself.
    if (row.personalHash !== null || targetName === null || !pseudonym.test(targetName)) return
    const subject = { person: targetId, handle: targetName }
    if (action === pseudonymAction) {
      // In a part, all rows from outside of it are known before.
      if (!runs.has(row.id)) runs.set(row.id, { ...subject, standing: people.standingAt(targetId, Date.parse(row.at)) })
    } else if (action === 'person.pseudonymise-rows') {
      const { run, rows } = permittedIn(row.detail)
      const number = permits.push({ ...subject, run, isAfterRun: runs.has(run), isSealed: sealedAt !== null }) - 1
      for (const [seq, hash] of rows) writeHash(permitted.add(), seq, number, hash)
    }
  }

  function noteName({ actorId, actorHandle, actorName }: TrailRow): void {
    if (actorId === null) return
    actors.add(actorId)
    names.add(nameOf(actorId, actorHandle, actorName))
  }

  function noteReplaced(row: TrailRow, personal: string, block: number): void {
    const content = contentOf(row)
    const key = JSON.stringify(content)
    let number = contentNumbers.get(key)
    if (number === undefined) {
      number = contents.push(content) - 1
      contentNumbers.set(key, number)
    }
    const record = replaced.add()
    writeHash(record, BigInt(row.seq), number, replacementHash(row, personal))
    record.writeDoubleLE(block, blockAt)
    record.writeBigInt64LE(microsOf(row.recordedAt), recordedAt)
    record.write(row.id.replaceAll('-', ''), idAt, idSize, 'hex')
  }

  /** Whether a replaced row is what the events about it record. */
  function doubtOf(row: Buffer, content: Content, those: readonly Buffer[], isWhole: boolean): Doubt {
    const itsHash = row.subarray(hashAt, hashAt + hashSize)
    if (!those.some((one) => itsHash.equals(one.subarray(hashAt, hashAt + hashSize))))
      return { fault: 'it isn’t what the event recorded' }
    const its = [...new Set(those.map((one) => one.readUInt32LE(ofAt)))].flatMap((number) => permits[number] ?? [])
    const given = new Map(its.map(({ person, handle }) => [person, handle]))
    const doubts = [
      ...its.map((permit) => doubtOfPermit(permit, runs.get(permit.run), isWhole)),
      doubtOfPseudonyms(content, given) ?? doubtOfActor(content, given, { actors, names }, isWhole),
      its.every(({ isSealed }) => !isSealed) ? unchecked : null,
    ].filter((doubt) => doubt !== null)
    return doubts.find((doubt) => 'fault' in doubt) ?? doubts[0] ?? null
  }

  return {
    noteRecord,
    noteName,
    noteReplaced,
    end(isWhole: boolean, report: ReportFinding, note: (kind: NoteKind, seq: string) => void): void {
      const permitsOf = indexBySeq(permitted)
      const what = 'personal data in the row was replaced'
      for (let i = 0; i < replaced.count(); i++) {
        const row = replaced.at(i)
        const content = contents[row.readUInt32LE(ofAt)]
        if (!content) continue
        const those = permitsOf(row.readBigInt64LE(seqAt))
        const doubt = those.length === 0 ? null : doubtOf(row, content, those, isWhole)
        const block = row.readDoubleLE(blockAt)
        if (those.length === 0)
          report('pseudonymised without record', `${what}, and no event records it`, namedIn(row, content), block)
        else if (doubt && 'fault' in doubt)
          report('forged pseudonym', `${what}: ${doubt.fault}`, namedIn(row, content), block)
        else if (doubt) note('not checked', String(row.readBigInt64LE(seqAt)))
      }
    },
  }
}

/** @returns the relevant content of a replaced row */
function contentOf(row: TrailRow): Content {
  const { action, actorKind, actorId, actorHandle, actorName, targetKind, targetId, targetName } = row
  const texts = [actorHandle, actorName, targetName, row.userAgent, row.detail].join('\n')
  return {
    ...{ action, actorKind, actorId, actorHandle, actorName },
    target: targetKind === 'person' && targetId !== null ? { id: targetId, name: targetName } : null,
    hasClient: row.sourceAddress !== null || row.userAgent !== null,
    mentioned: [...new Set(texts.match(mentions))].join(' '),
  }
}

/**
 * Whether a permit is trustworthy.
 * @param run that the permit names
 * @param isWhole whether everything sealed was read
 */
function doubtOfPermit({ person, handle, isAfterRun }: Permit, run: Run | undefined, isWhole: boolean): Doubt {
  if (!run) return isWhole ? { fault: 'no row records the start of the command that gave it' } : unchecked
  if (run.person !== person || run.handle !== handle || !isAfterRun)
    return { fault: 'the event that records it belongs to another run than it names' }
  switch (run.standing) {
    case 'may':
      return null
    case 'not certain':
      return unchecked
    case 'reactivated':
      return { fault: 'they had been reactivated after they were offboarded' }
    case 'not complete':
      return isWhole ? { fault: 'no earlier row records a complete certificate of their offboarding' } : unchecked
    case 'not offboarded':
      return isWhole ? { fault: 'no earlier row records that they were offboarded' } : unchecked
  }
}

/**
 * Whether a row names the people with pseudonyms only as their pseudonyms do, and each of them.
 * @param given the pseudonyms for which the row was replaced, by person
 */
function doubtOfPseudonyms(row: Content, given: ReadonlyMap<string, string>): Doubt {
  const { actorId, actorHandle, actorName, target } = row
  const actor = actorId === null ? undefined : given.get(actorId)
  const handleOfTarget = target ? given.get(target.id) : undefined
  if (actor !== undefined) {
    if ((actorHandle ?? actor) !== actor || (actorName ?? formerName) !== formerName)
      return { fault: `it names ${actorName ?? actorHandle} as the person with the pseudonym ${actor}` }
    if (row.hasClient) return { fault: `it has an address or a client of the person with the pseudonym ${actor}` }
  }
  if (handleOfTarget !== undefined && (target?.name ?? handleOfTarget) !== handleOfTarget)
    return { fault: `it names ${target?.name} as the person with the pseudonym ${handleOfTarget}` }
  const found = row.mentioned.split(' ')
  for (const [person, handle] of given)
    if (person !== actorId && person !== target?.id && !found.includes(handle) && !row.mentioned.includes(formerName))
      return { fault: `nothing in it is about ${handle}, for whom it was replaced` }
  return null
}

type KnownActors = Record<'actors' | 'names', ReturnType<typeof createTextSet>>

/** Whether a row names an actor without a pseudonym as rows do that were never replaced. */
function doubtOfActor(
  { actorKind, actorId, actorHandle, actorName }: Content,
  given: ReadonlyMap<string, string>,
  { actors, names }: KnownActors,
  isWhole: boolean,
): Doubt {
  if (actorId === null || given.has(actorId)) return null
  if (names.has(nameOf(actorId, actorHandle, actorName))) return null
  if (actors.has(actorId))
    return { fault: `it names ${actorName ?? actorHandle}, unlike all other rows of the same actor` }
  if (actorKind !== 'user') return null
  return isWhole ? { fault: `it names ${actorName ?? actorHandle}, and no other row names that actor` } : unchecked
}

const nameOf = (actorId: string, handle: string | null, name: string | null): string =>
  JSON.stringify([actorId, handle, name])

function writeHash(record: Buffer, seq: bigint, of: number, hash: string): void {
  record.writeBigInt64LE(seq, seqAt)
  record.writeUInt32LE(of, ofAt)
  record.write(hash, hashAt, hashSize, 'hex')
}

/** @returns microseconds; 0 for an invalid time */
function microsOf(time: string): bigint {
  const [, fraction] = /^.{23}(\d{3})Z$/.exec(time) ?? []
  const millis = Date.parse(time)
  return fraction === undefined || Number.isNaN(millis) ? 0n : BigInt(millis) * 1000n + BigInt(fraction)
}

/** @returns the row of a finding about a replaced row */
function namedIn(row: Buffer, { action }: Content): RowNamed {
  const id = row.toString('hex', idAt, idAt + idSize).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  const micros = row.readBigInt64LE(recordedAt)
  const millis = new Date(Number(micros / 1000n)).toISOString()
  const time = millis.replace('Z', `${String(micros % 1000n).padStart(3, '0')}Z`)
  return { seq: String(row.readBigInt64LE(seqAt)), id, action, recordedAt: time }
}

/** @returns the run of an event, and the rows in it with the hashes of their new content */
function permittedIn(detail: string): { run: string; rows: [bigint, string][] } {
  const value: unknown = JSON.parse(detail)
  if (typeof value !== 'object' || value === null) return { run: '', rows: [] }
  const run = 'of' in value && typeof value.of === 'string' ? value.of : ''
  if (!('rows' in value) || typeof value.rows !== 'object' || value.rows === null) return { run, rows: [] }
  const rows = Object.entries(value.rows).flatMap(([seq, hash]): [bigint, string][] =>
    isSeq(seq) && typeof hash === 'string' ? [[BigInt(seq), hash]] : [],
  )
  return { run, rows }
}

const isSeq = (text: string): boolean => /^\d{1,18}$/.test(text)
