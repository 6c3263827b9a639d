/**
 * Rows whose personal columns were replaced (docs/adr/0043-months-are-archived-and-people-get-pseudonyms.md). Must never
 * let through another name than a pseudonym, nor a pseudonym that the sealed trail doesn't account for: of whom, that they
 * were offboarded with a complete certificate before, and what was put into the row.
 */
import type { TrailRow } from '#lib/domain/sealed-trail.ts'
import { type NoteKind, nameRow, type RowNamed, type Say } from './finding.ts'
import { replacementHash } from './hashes.ts'

/** More are not kept in memory: of those it can’t be said whether they are accounted for. */
const maxReplaced = 500_000
/** Of people whose names in other rows are kept, and of names of one of them. */
const maxActors = 200_000
const maxNames = 50

const formerName = 'Former person'
const pseudonym = /^former-[0-9a-f]{10}$/
const mentions = /former-[0-9a-f]{10}|Former person/g

/** When a row was written: by its place in the chain; where one of two isn’t known to be sealed (null), by their seqs. */
type Order = { seq: bigint; place: number | null }
/** A `person.pseudonymise-rows`. */
type Permit = Order & { person: string; handle: string; run: string }
type Run = Order & { person: string; handle: string }
type Act = Order & { id: string; kind: 'offboard' | 'complete' | 'reactivate' }
type Replaced = Pick<
  TrailRow,
  'actorKind' | 'actorId' | 'actorHandle' | 'actorName' | 'targetKind' | 'targetId' | 'targetName'
> & { named: RowNamed; block: number; hash: string; hasClient: boolean; mentioned: string }

type Doubt = { fault: string } | { unchecked: true } | null
const unchecked = { unchecked: true } as const

const acts: Readonly<Record<string, Act['kind']>> = {
  'person.offboard': 'offboard',
  'offboarding.complete': 'complete',
  'person.reactivate': 'reactivate',
}

export function followPseudonyms() {
  const permits = new Map<string, { permit: Permit; hash: string }[]>()
  const runs = new Map<string, Run>()
  const lives = new Map<string, Act[]>()
  const failed = new Set<string>()
  const names = new Map<string, Set<string>>()
  const replaced: Replaced[] = []
  let beyond = 0

  /** @param place of the row in the chain; null: it isn't sealed, or was not verified */
  function noteRecord(row: TrailRow, place: number | null): void {
    const { action, targetId, targetName } = row
    if (row.intentId !== null) {
      if (row.outcome !== 'ok' && acts[action]) failed.add(row.intentId)
      return
    }
    const act = acts[action]
    if (targetId === null || row.targetKind !== 'person') return
    const order = { seq: BigInt(row.seq), place }
    if (act) {
      if (row.outcome !== null && row.outcome !== 'ok') return
      const life = lives.get(targetId) ?? []
      lives.set(targetId, life)
      life.push({ id: row.id, kind: act, ...order })
      return
    }
    // What says what was put into rows was never replaced itself.
    if (row.personalHash !== null || targetName === null || !pseudonym.test(targetName)) return
    const whose = { person: targetId, handle: targetName, ...order }
    if (action === 'person.pseudonymise') runs.set(row.id, whose)
    else if (action === 'person.pseudonymise-rows') permit(row.detail, whose)
  }

  function permit(detail: string, of: Omit<Permit, 'run'>): void {
    const { run, rows } = permittedIn(detail)
    const one = { ...of, run }
    for (const [seq, hash] of rows) {
      const others = permits.get(seq)
      if (others) others.push({ permit: one, hash })
      else permits.set(seq, [{ permit: one, hash }])
    }
  }

  function noteName({ actorId, actorHandle, actorName }: TrailRow): void {
    if (actorId === null) return
    const known = names.get(actorId)
    if (known && known.size < maxNames) known.add(nameOf(actorHandle, actorName))
    else if (!known && names.size < maxActors) names.set(actorId, new Set([nameOf(actorHandle, actorName)]))
  }

  function noteReplaced(row: TrailRow, personal: string, block: number): void {
    if (replaced.length === maxReplaced) {
      beyond++
      return
    }
    const { actorKind, actorId, actorHandle, actorName, targetKind, targetId, targetName } = row
    const texts = [actorHandle, actorName, targetName, row.userAgent, row.detail].join('\n')
    replaced.push({
      ...{ actorKind, actorId, actorHandle, actorName, targetKind, targetId, targetName, block },
      named: nameRow(row),
      hash: replacementHash(row, personal),
      hasClient: row.sourceAddress !== null || row.userAgent !== null,
      mentioned: [...new Set(texts.match(mentions))].join(' '),
    })
  }

  /** Whether a permit may be relied on. @param isWhole whether everything that was sealed was read */
  function doubtOfPermit(permit: Permit, isWhole: boolean): Doubt {
    const run = runs.get(permit.run)
    if (!run) return isWhole ? { fault: 'no row says that the command which gave it began' } : unchecked
    if (run.person !== permit.person || run.handle !== permit.handle || isBefore(permit, run))
      return { fault: 'the event that says so is not of the run that it names' }
    const life = (lives.get(run.person) ?? []).filter((act) => isBefore(act, run) && !failed.has(act.id))
    const [complete] = life
      .filter(({ kind }) => kind === 'complete')
      .sort((one, other) => (isBefore(one, other) ? 1 : -1))
    if (!complete)
      return isWhole
        ? { fault: 'no row before it says that the certificate of their offboarding was complete' }
        : unchecked
    if (life.some((act) => act.kind === 'reactivate' && isBefore(complete, act)))
      return { fault: 'they had been reactivated since they were offboarded' }
    if (!life.some((act) => act.kind === 'offboard' && isBefore(act, complete)))
      return isWhole ? { fault: 'no row before it says that they were offboarded' } : unchecked
    return null
  }

  /** Whether what stands in a row now is what a pseudonym puts there. */
  function doubtOfContent(row: Replaced, given: ReadonlyMap<string, string>, isWhole: boolean): Doubt {
    const { actorId, actorHandle, actorName, targetKind, targetId, targetName } = row
    const actor = actorId === null ? undefined : given.get(actorId)
    const target = targetKind === 'person' && targetId !== null ? given.get(targetId) : undefined
    if (actor !== undefined) {
      if ((actorHandle ?? actor) !== actor || (actorName ?? formerName) !== formerName)
        return { fault: `it names ${actorName ?? actorHandle} as the one who has the pseudonym ${actor}` }
      if (row.hasClient) return { fault: `it has an address or a client of the one who has the pseudonym ${actor}` }
    }
    if (target !== undefined && (targetName ?? target) !== target)
      return { fault: `it names ${targetName} as the one who has the pseudonym ${target}` }
    const found = row.mentioned.split(' ')
    for (const [person, handle] of given)
      if (
        person !== actorId &&
        (targetKind !== 'person' || person !== targetId) &&
        !found.includes(handle) &&
        !row.mentioned.includes(formerName)
      )
        return { fault: `nothing in it is about ${handle}, in whose place it was replaced` }
    if (actorId === null || actor !== undefined) return null
    const known = names.get(actorId)
    if (known?.has(nameOf(actorHandle, actorName))) return null
    if (known) return { fault: `it names ${actorName ?? actorHandle}, which no other row of the same actor does` }
    if (row.actorKind !== 'user') return null
    return isWhole
      ? { fault: `it names ${actorName ?? actorHandle}, and no other row says who that actor is` }
      : unchecked
  }

  /** Whether a row that events name is what they account for. */
  function doubtOf(row: Replaced, those: readonly { permit: Permit; hash: string }[], isWhole: boolean): Doubt {
    if (!those.some(({ hash }) => hash === row.hash))
      return { fault: 'it isn’t what the event says that was put there' }
    const given = new Map(those.map(({ permit: { person, handle } }) => [person, handle]))
    const doubts = [
      ...[...new Set(those.map(({ permit: one }) => one))].map((one) => doubtOfPermit(one, isWhole)),
      doubtOfContent(row, given, isWhole),
      those.every(({ permit: one }) => one.place === null) ? unchecked : null,
    ].filter((doubt) => doubt !== null)
    return doubts.find((doubt) => 'fault' in doubt) ?? doubts[0] ?? null
  }

  function judge(row: Replaced, isWhole: boolean, say: Say, note: (kind: NoteKind, seq: string) => void): void {
    const those = permits.get(row.named.seq)
    const what = 'what is personal in the row was replaced'
    const doubt = those && doubtOf(row, those, isWhole)
    if (!those) say('pseudonymised without record', `${what}, and no event says so`, row.named, row.block)
    else if (doubt && 'fault' in doubt) say('forged pseudonym', `${what}: ${doubt.fault}`, row.named, row.block)
    else if (doubt) note('not checked', row.named.seq)
  }

  return {
    noteRecord,
    noteName,
    noteReplaced,
    end(isWhole: boolean, say: Say, note: (kind: NoteKind, seq: string) => void): void {
      for (const row of replaced) judge(row, isWhole, say, note)
      if (beyond > 0)
        say(
          'pseudonymised without record',
          `of ${beyond} more rows it can’t be said whether an event says so`,
          null,
          null,
        )
    },
  }
}

const isBefore = (one: Order, other: Order): boolean =>
  one.place !== null && other.place !== null ? one.place < other.place : one.seq < other.seq

const nameOf = (handle: string | null, name: string | null): string => `${handle}\n${name}`

/** @returns the run that an event is of, and which rows it names, with the hash of what was put there */
function permittedIn(detail: string): { run: string; rows: [string, string][] } {
  const value: unknown = JSON.parse(detail)
  if (typeof value !== 'object' || value === null) return { run: '', rows: [] }
  const run = 'of' in value && typeof value.of === 'string' ? value.of : ''
  if (!('rows' in value) || typeof value.rows !== 'object' || value.rows === null) return { run, rows: [] }
  const rows = Object.entries(value.rows).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { run, rows }
}
