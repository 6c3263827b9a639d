/**
 * Keeps lists of a person's namespaces consistent with the watches that follow them. A watch continues from a
 * resourceVersion as if the set of spaces had never changed, so a client that listed another set would miss new spaces
 * and keep removed ones. Therefore each resourceVersion and continue token sent to clients carries a mark of the set,
 * and another mark gets 410 Expired, which makes clients list again. The mark is six digits at the end of the
 * resourceVersion, which remains a growing number, as clients may expect.
 */
import { createHash } from 'node:crypto'
import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const length = 6
const utf8 = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8')

/**
 * @param spaceIds sorted
 * @returns the mark of a set of spaces
 */
export const markOf = (spaceIds: readonly string[]): string =>
  String(createHash('sha256').update(spaceIds.join()).digest().readUInt32BE(0) % 10 ** length).padStart(length, '0')

/**
 * @returns the mark of events between two sets. A client that comes back with it has seen only some of them, so the
 * mark belongs to no set.
 */
export const markBetween = (before: readonly string[], after: readonly string[]): string =>
  markOf([...before, 'then', ...after])

const expired = () => new GatewayRefusal('access_changed', 410, 'your spaces have changed; list them again')

/**
 * Removes the mark from a client's query. The mark must be that of the current set only when a list continues an
 * earlier page or a watch continues an earlier list; a new list is consistent anyway.
 * @param query changed in place
 * @throws GatewayRefusal access_changed
 */
export function unmarkQuery(query: URLSearchParams, verb: string, mark: string): void {
  const token = query.get('continue') ?? ''
  if (token !== '') {
    if (!token.startsWith(mark)) throw expired()
    query.set('continue', token.slice(length))
  }
  const version = query.get('resourceVersion') ?? ''
  if (version === '' || /^0+$/.test(version)) return
  const continues = verb === 'watch' && !/^(true|1)$/i.test(query.get('sendInitialEvents') ?? '')
  if (continues && !version.endsWith(mark)) throw expired()
  const unmarked = version.slice(0, -length)
  if (unmarked !== '') query.set('resourceVersion', unmarked)
  else if (continues) throw expired()
  else {
    query.delete('resourceVersion')
    if (verb !== 'watch') query.delete('resourceVersionMatch')
  }
}

export const markVersion = (version: string, mark: string) =>
  version === '' || version === '0' ? version : version + mark
export const markToken = (token: string, mark: string) => (token === '' ? token : mark + token)

type Metadata = { resourceVersion?: string; continue?: string }
type MarkableObject = {
  metadata?: Metadata | null
  items?: MarkableObject[] | null
  rows?: { object?: MarkableObject | null }[] | null
}

/** @param object from the API server's answer; changed in place */
function markObject(object: MarkableObject, mark: string): void {
  const { metadata } = object
  if (metadata?.resourceVersion !== undefined) metadata.resourceVersion = markVersion(metadata.resourceVersion, mark)
  if (metadata?.continue !== undefined) metadata.continue = markToken(metadata.continue, mark)
  for (const item of object.items ?? []) markObject(item, mark)
  for (const row of object.rows ?? []) if (row.object) markObject(row.object, mark)
}

/** Changes the strings of one field, given by a path of field numbers; every other byte stays the same. */
function mapField(message: Uint8Array, path: readonly number[], change: (text: Uint8Array) => Uint8Array): Uint8Array {
  const [wanted, ...rest] = path
  if (wanted === undefined) return change(message)
  const reader = new BinaryReader(message)
  const writer = new BinaryWriter()
  while (reader.pos < reader.len) {
    const start = reader.pos
    const [field, type] = reader.tag()
    if (field === wanted && type === WireType.LengthDelimited)
      writer.tag(field, type).bytes(mapField(reader.bytes(), rest, change))
    else {
      reader.skip(type, field)
      writer.raw(message.subarray(start, reader.pos))
    }
  }
  return writer.finish()
}

const envelopeStart = 4
/** Within the envelope (runtime.Unknown): raw, then metadata of a list or an object, then the field. */
const paths = { version: [2, 1, 2], token: [2, 1, 3], itemVersion: [2, 2, 1, 6], objectVersion: [2, 1, 6] }

function mapEnvelope(object: Uint8Array, path: readonly number[], change: (text: string) => string): Buffer {
  const mapped = mapField(object.subarray(envelopeStart), path, (text) => Buffer.from(change(utf8(text))))
  return Buffer.concat([object.subarray(0, envelopeStart), mapped])
}

/** @param body a complete list of namespaces */
export function markList(encoding: 'json' | 'protobuf', body: Buffer, mark: string): Buffer {
  if (encoding === 'json') {
    const list: MarkableObject = JSON.parse(body.toString('utf8'))
    markObject(list, mark)
    return Buffer.from(JSON.stringify(list))
  }
  const version = (text: string) => markVersion(text, mark)
  const listed = mapEnvelope(body, paths.version, version)
  const itemsMarked = mapEnvelope(listed, paths.itemVersion, version)
  return mapEnvelope(itemsMarked, paths.token, (text) => markToken(text, mark))
}

type WatchedEvent = {
  type: string
  /** Empty: the event has none. */
  version: string
  marked(mark: string): Buffer
}

/** @param event complete and framed */
export function openEvent(encoding: 'json' | 'protobuf', event: Buffer): WatchedEvent {
  if (encoding === 'json') {
    const parsed: { type?: string; object?: MarkableObject } = JSON.parse(event.toString('utf8'))
    const { type = '', object } = parsed
    return {
      type,
      version: object?.metadata?.resourceVersion || object?.rows?.[0]?.object?.metadata?.resourceVersion || '',
      marked(mark) {
        if (object) markObject(object, mark)
        return Buffer.from(`${JSON.stringify(parsed)}\n`)
      },
    }
  }
  const found = { type: '', version: '' }
  const body = event.subarray(4)
  mapField(body, [1], (text) => {
    found.type = utf8(text)
    return text
  })
  const mapVersion = (change: (text: string) => string) =>
    mapField(body, [2, 1], (raw) => mapEnvelope(raw, paths.objectVersion, change))
  mapVersion((text) => {
    found.version = text
    return text
  })
  return {
    ...found,
    marked(mark) {
      const marked = mapVersion((text) => markVersion(text, mark))
      const size = Buffer.alloc(4)
      size.writeUInt32BE(marked.length)
      return Buffer.concat([size, marked])
    },
  }
}
