import { AppError } from '#lib/kernel/model/errors.ts'
import { isReservedNamespace } from './reserved-names.ts'

const labelPattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const maxNamespaceLength = 63

export type NameVerdict =
  | { ok: true; namespace: string }
  | { ok: false; code: 'name_invalid' | 'name_protected'; sentence: string }

/**
 * Checks a space's name (RFC 1123, section 2.1; at most 63 characters with the prefix).
 * @param name what the person typed
 * @param prefix the operator's prefix for namespaces (SPACEPORT_NAMESPACE_PREFIX), may be empty
 * @param reserved names that the operator reserves (SPACEPORT_RESERVED_NAMES, SPACEPORT_PLATFORM_NAMESPACES), with or
 * without the prefix; `*` at the end matches any rest
 * @returns the namespace's name, or why the name is not accepted
 */
export function parseSpaceName(name: string, prefix: string, reserved: readonly string[] = []): NameVerdict {
  const namespace = `${prefix}${name}`
  if (name === '') return { ok: false, code: 'name_invalid', sentence: 'Enter a name.' }
  if (namespace.length > maxNamespaceLength) {
    const max = maxNamespaceLength - prefix.length
    return {
      ok: false,
      code: 'name_invalid',
      sentence: `Use at most ${max} characters. This name has ${name.length}.`,
    }
  }
  if (!labelPattern.test(name)) {
    return {
      ok: false,
      code: 'name_invalid',
      sentence: 'Use lowercase letters, digits and hyphens, and start and end with a letter or digit.',
    }
  }
  // `new` is a path of the portal, which has no prefix.
  if (
    name === 'new' ||
    isReservedNamespace(namespace) ||
    reserved.some((one) => matches(one, name) || matches(one, namespace))
  ) {
    return {
      ok: false,
      code: 'name_protected',
      sentence: `“${name}” is reserved for the cluster. Choose another name.`,
    }
  }
  return { ok: true, namespace }
}

const matches = (reserved: string, name: string): boolean =>
  reserved.endsWith('*') ? name.startsWith(reserved.slice(0, -1)) : name === reserved

/** @returns the namespace's name for a legal space name; @throws AppError name_invalid or name_protected */
export function namespaceFor(name: string, prefix: string, reserved: readonly string[] = []): string {
  const verdict = parseSpaceName(name, prefix, reserved)
  if (verdict.ok) return verdict.namespace
  throw new AppError(verdict.code, { sentence: verdict.sentence, fields: { name: verdict.sentence } })
}
