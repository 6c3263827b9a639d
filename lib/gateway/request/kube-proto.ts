/**
 * The few messages that the gateway reads and writes in Kubernetes' protobuf encoding
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding). Fields are numbered as in
 * k8s.io/api/authorization/v1 and k8s.io/apimachinery, generated.proto; unused fields are left out.
 */
import { create, createFileRegistry, fromBinary, fromJson, type JsonValue, toBinary, toJson } from '@bufbuild/protobuf'
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from '@bufbuild/protobuf/wkt'

const scalars: Readonly<Record<string, Type>> = {
  string: Type.STRING,
  bool: Type.BOOL,
  int32: Type.INT32,
  bytes: Type.BYTES,
}

/** Message → field → its number and type: a scalar or a message, with [] appended if it repeats. */
const messages: Readonly<Record<string, Readonly<Record<string, readonly [number: number, type: string]>>>> = {
  Unknown: { typeMeta: [1, 'TypeMeta'], raw: [2, 'bytes'], contentEncoding: [3, 'string'], contentType: [4, 'string'] },
  TypeMeta: { apiVersion: [1, 'string'], kind: [2, 'string'] },
  Empty: {},
  DeleteOptions: { dryRun: [5, 'string[]'] },
  WatchEvent: { type: [1, 'string'], object: [2, 'RawExtension'] },
  RawExtension: { raw: [1, 'bytes'] },
  Status: {
    metadata: [1, 'Empty'],
    status: [2, 'string'],
    message: [3, 'string'],
    reason: [4, 'string'],
    details: [5, 'StatusDetails'],
    code: [6, 'int32'],
  },
  StatusDetails: { name: [1, 'string'], group: [2, 'string'], kind: [3, 'string'], retryAfterSeconds: [5, 'int32'] },
  SelfSubjectAccessReview: {
    metadata: [1, 'Empty'],
    spec: [2, 'SelfSubjectAccessReviewSpec'],
    status: [3, 'SubjectAccessReviewStatus'],
  },
  SelfSubjectAccessReviewSpec: {
    resourceAttributes: [1, 'ResourceAttributes'],
    nonResourceAttributes: [2, 'NonResourceAttributes'],
  },
  ResourceAttributes: {
    namespace: [1, 'string'],
    verb: [2, 'string'],
    group: [3, 'string'],
    version: [4, 'string'],
    resource: [5, 'string'],
    subresource: [6, 'string'],
    name: [7, 'string'],
    fieldSelector: [8, 'SelectorAttributes'],
    labelSelector: [9, 'SelectorAttributes'],
  },
  SelectorAttributes: { rawSelector: [1, 'string'], requirements: [2, 'SelectorRequirement[]'] },
  SelectorRequirement: { key: [1, 'string'], operator: [2, 'string'], values: [3, 'string[]'] },
  NonResourceAttributes: { path: [1, 'string'], verb: [2, 'string'] },
  SubjectAccessReviewStatus: {
    allowed: [1, 'bool'],
    reason: [2, 'string'],
    evaluationError: [3, 'string'],
    denied: [4, 'bool'],
  },
  SelfSubjectRulesReview: {
    metadata: [1, 'Empty'],
    spec: [2, 'SelfSubjectRulesReviewSpec'],
    status: [3, 'SubjectRulesReviewStatus'],
  },
  SelfSubjectRulesReviewSpec: { namespace: [1, 'string'] },
  SubjectRulesReviewStatus: {
    resourceRules: [1, 'ResourceRule[]'],
    nonResourceRules: [2, 'NonResourceRule[]'],
    incomplete: [3, 'bool'],
    evaluationError: [4, 'string'],
  },
  ResourceRule: {
    verbs: [1, 'string[]'],
    apiGroups: [2, 'string[]'],
    resources: [3, 'string[]'],
    resourceNames: [4, 'string[]'],
  },
  NonResourceRule: { verbs: [1, 'string[]'], nonResourceURLs: [2, 'string[]'] },
}

function describeField([name, [number, typed]]: [string, readonly [number, string]]) {
  const type = typed.replace('[]', '')
  const label = typed === type ? Label.OPTIONAL : Label.REPEATED
  const scalar = scalars[type]
  const typing = scalar === undefined ? { type: Type.MESSAGE, typeName: `.k8s.${type}` } : { type: scalar }
  return { name, jsonName: name, number, label, ...typing }
}

const file = create(FileDescriptorProtoSchema, {
  name: 'k8s.proto',
  package: 'k8s',
  syntax: 'proto2',
  messageType: Object.entries(messages).map(([name, fields]) => ({
    name,
    field: Object.entries(fields).map(describeField),
  })),
})
const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [file] }))

function schemaOf(message: string) {
  const schema = registry.getMessage(`k8s.${message}`)
  if (!schema) throw new Error(`unknown message ${message}`)
  return schema
}

/** The prefix of every object in protobuf. */
const magic = Buffer.from('k8s\0')

const encode = (message: string, value: JsonValue): Buffer => {
  const schema = schemaOf(message)
  return Buffer.from(toBinary(schema, fromJson(schema, value, { ignoreUnknownFields: true })))
}

/** @returns a JSON object in protobuf, without fields that are not described above */
export function encodeObject(object: { kind: string; apiVersion: string } & Record<string, JsonValue>): Buffer {
  const { kind, apiVersion } = object
  const raw = encode(kind, object).toString('base64')
  return Buffer.concat([magic, encode('Unknown', { typeMeta: { apiVersion, kind }, raw })])
}

/** @returns an event of a watch in protobuf's framing: its length as four big-endian bytes, then the event */
export function encodeWatchEvent(type: string, object: Buffer): Buffer {
  const event = encode('WatchEvent', { type, object: { raw: object.toString('base64') } })
  const length = Buffer.alloc(4)
  length.writeUInt32BE(event.length)
  return Buffer.concat([length, event])
}

/**
 * @returns the object as JSON, without fields that are not described above
 * @throws Error when it is not of that kind
 */
export function decodeObject(kind: string, body: Buffer): JsonValue {
  if (!body.subarray(0, magic.length).equals(magic))
    throw new Error('the body does not start with the magic bytes of Kubernetes protobuf')
  const read = (message: string, bytes: Uint8Array) => {
    const schema = schemaOf(message)
    return toJson(schema, fromBinary(schema, bytes))
  }
  const envelope = read('Unknown', body.subarray(magic.length))
  const raw = envelope !== null && typeof envelope === 'object' && 'raw' in envelope ? envelope.raw : undefined
  return read(kind, Buffer.from(typeof raw === 'string' ? raw : '', 'base64'))
}
