/**
 * What the portal shows of a Secret. Must never pass on more than was asked for: an outline has no values, and a value
 * is that of one key. Nothing here may quote a value in an error.
 */
import { z } from 'zod'

/** https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/ */
export const secretSchema = z.object({
  metadata: z.object({ creationTimestamp: z.string() }),
  type: z.string().default('Opaque'),
  immutable: z.boolean().default(false),
  /** Base64, by key. */
  data: z.record(z.string(), z.string()).nullish(),
})
type SecretObject = z.infer<typeof secretSchema>

/** A key with the size of its value in bytes. */
export type SizedKey = { key: string; bytes: number }

/** A Secret without its values. */
export type SecretOutline = { type: string; immutable: boolean; createdAt: string; keys: SizedKey[] }

/** The value of one key. `text` is null if it is binary. */
export type SecretValue = { key: string; bytes: number; text: string | null }

const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)

export const sizesOf = (base64: Readonly<Record<string, string>>): SizedKey[] =>
  Object.entries(base64)
    .map(([key, value]) => ({ key, bytes: Buffer.byteLength(value, 'base64') }))
    .sort(byKey)

export const outlineSecret = ({ metadata, type, immutable, data }: SecretObject): SecretOutline => ({
  type,
  immutable,
  createdAt: metadata.creationTimestamp,
  keys: sizesOf(data ?? {}),
})

/** @returns the value of one key; null: the Secret doesn’t have it */
export function valueOfKey({ data }: SecretObject, key: string): SecretValue | null {
  if (!data || !Object.hasOwn(data, key)) return null
  const bytes = Buffer.from(data[key] ?? '', 'base64')
  return { key, bytes: bytes.length, text: textOf(bytes) }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what makes it binary
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

/** @returns null: not UTF-8, or with control characters that a page can’t show */
function textOf(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return controls.test(text) ? null : text
  } catch {
    return null
  }
}
