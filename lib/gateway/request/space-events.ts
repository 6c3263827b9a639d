/**
 * Reads the events of a watch of a person's namespaces and marks them with the set of spaces (space-set-mark.ts). When
 * that set changes, makes events from lists of what was added and removed. Must never give an event between two sets a
 * mark that a client could continue from: it would miss the rest.
 */
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { readFlag } from '#lib/gateway/target/parse-query.ts'
import type { ResourceTarget } from '#lib/gateway/target/parse-target.ts'
import { keep, ownPiece, type Piece } from '#lib/gateway/upstream/recycled-blocks.ts'
import { encodeWatchEvent } from './kube-proto.ts'
import { markOf, markVersion, openEvent } from './space-set-mark.ts'
import { type AnswerFormat, createEventReader } from './watch-events.ts'

export type SpaceEvents = {
  format: AnswerFormat
  atBoundary(): boolean
  /**
   * @param piece is owned by this function
   * @returns what to send now
   * @throws Error when the answer can't be read
   */
  onData(piece: Piece): Piece | undefined
  onEnd(): undefined
  /**
   * The resourceVersion up to which all events have been passed on; undefined: unknown, or the initial events are not
   * complete.
   */
  version(): string | undefined
  restart(spaceIds: readonly string[]): void
  /** @returns the event that lets the client continue from here; undefined: it doesn't want such events */
  bookmark(kind: ObjectType | undefined): Buffer | undefined
}

/** Undefined for tables. */
export type ObjectType = { kind: string; apiVersion: string }

const parametersOf = (target: ResourceTarget): URLSearchParams => new URLSearchParams(target.query)

/** @param spaceIds at the start of the watch */
export function createSpaceEvents(
  format: AnswerFormat,
  target: ResourceTarget,
  spaceIds: readonly string[],
): SpaceEvents {
  const asked = parametersOf(target)
  const wantsBookmarks = readFlag(asked, 'allowWatchBookmarks')
  let mark = markOf(spaceIds)
  let version = beginsAt(asked, mark)
  let read = createEventReader(format)

  function* take(event: Buffer): Generator<Buffer> {
    const opened = openEvent(format, event)
    const isBookmark = opened.type === 'BOOKMARK'
    // Until the first bookmark, events may be about existing objects, in any order.
    if (opened.version !== '' && (version !== undefined || isBookmark)) version = opened.version
    if (!isBookmark || wantsBookmarks) yield opened.marked(mark)
  }

  return {
    format,
    atBoundary: () => true,
    onData(piece) {
      const events = read(keep(piece)).flatMap((event) => [...take(event)])
      return events.length === 0 ? undefined : ownPiece(Buffer.concat(events))
    },
    onEnd: () => undefined,
    version: () => version,
    restart(next) {
      mark = markOf(next)
      read = createEventReader(format)
    },
    bookmark(typed) {
      if (!wantsBookmarks || !typed || version === undefined) return undefined
      return renderBookmark(format, typed, markVersion(version, mark))
    },
  }
}

/**
 * @returns the resourceVersion from which the API server sends all events; undefined: it sends existing objects first
 */
function beginsAt(asked: URLSearchParams, mark: string): string | undefined {
  if (readFlag(asked, 'sendInitialEvents')) return undefined
  const version = asked.get('resourceVersion') ?? ''
  const unmarked = version.slice(0, -mark.length)
  return version.endsWith(mark) && !/^0*$/.test(unmarked) ? unmarked : undefined
}

function renderBookmark(format: AnswerFormat, { kind, apiVersion }: ObjectType, resourceVersion: string): Buffer {
  if (format === 'json') {
    const object = { kind, apiVersion, metadata: { resourceVersion, creationTimestamp: null } }
    return Buffer.from(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`)
  }
  const metadata = new BinaryWriter().tag(6, WireType.LengthDelimited).string(resourceVersion).finish()
  const object = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(metadata).finish()
  return encodeWatchEvent('BOOKMARK', wrap({ kind, apiVersion }, object))
}

function wrap({ kind, apiVersion }: ObjectType, object: Uint8Array): Buffer {
  const type = new BinaryWriter().tag(1, WireType.LengthDelimited).string(apiVersion)
  const typeMeta = type.tag(2, WireType.LengthDelimited).string(kind).finish()
  const unknown = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(typeMeta)
  return Buffer.concat([Buffer.from('k8s\0'), unknown.tag(2, WireType.LengthDelimited).bytes(object).finish()])
}

/**
 * @param list of namespaces, as the API server answers
 * @param mark between two sets
 * @returns an event of that type for each object, and the type of the objects
 * @throws Error when it isn't a list in that format
 */
export function eventsOfList(
  format: AnswerFormat,
  list: Buffer,
  type: 'ADDED' | 'DELETED',
  mark: string,
): { events: Buffer[]; typed: ObjectType | undefined } {
  return format === 'json' ? eventsOfJson(list, type, mark) : eventsOfProtobuf(list, type, mark)
}

type JsonList = { kind?: string; apiVersion?: string; items?: object[] | null; rows?: object[] | null }

function eventsOfJson(list: Buffer, type: string, mark: string) {
  const { kind = '', apiVersion = '', items, rows, ...rest }: JsonList = JSON.parse(list.toString('utf8'))
  const render = (object: object) => openEvent('json', Buffer.from(JSON.stringify({ type, object }))).marked(mark)
  // The list's own version is that of the watch, which may continue from there.
  if (kind === 'Table')
    return { events: (rows ?? []).map((row) => render({ kind, apiVersion, ...rest, rows: [row] })), typed: undefined }
  if (!kind.endsWith('List')) throw new Error('the answer is not a list')
  const typed = { kind: kind.slice(0, -'List'.length), apiVersion }
  return { events: (items ?? []).map((item) => render({ ...typed, ...item })), typed }
}

/** @returns the length-delimited fields of a message, in order */
function* fieldsOf(message: Uint8Array): Generator<[field: number, bytes: Uint8Array]> {
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag()
    if (wire === WireType.LengthDelimited) yield [field, reader.bytes()]
    else reader.skip(wire, field)
  }
}
const last = (message: Uint8Array, field: number) =>
  [...fieldsOf(message)].findLast(([number]) => number === field)?.[1]
const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8')

function eventsOfProtobuf(list: Buffer, type: string, mark: string) {
  if (list.toString('latin1', 0, 4) !== 'k8s\0') throw new Error('the answer is not protobuf')
  const unknown = list.subarray(4)
  const typeMeta = last(unknown, 1) ?? new Uint8Array()
  const kind = text(last(typeMeta, 2))
  if (!kind.endsWith('List')) throw new Error('the answer is not a list')
  const typed = { kind: kind.slice(0, -'List'.length), apiVersion: text(last(typeMeta, 1)) }
  const events: Buffer[] = []
  for (const [field, item] of fieldsOf(last(unknown, 2) ?? new Uint8Array()))
    if (field === 2) events.push(openEvent('protobuf', encodeWatchEvent(type, wrap(typed, item))).marked(mark))
  return { events, typed }
}
