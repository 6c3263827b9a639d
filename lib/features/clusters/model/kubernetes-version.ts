import type { FenceFault } from './fence-fault.ts'

/** The oldest minor version whose admission policies can enforce the fences. */
export const oldestKubernetes = { major: 1, minor: 31 } as const

/** `unknown`: the API server's version can't be compared. */
export type VersionState = 'supported' | 'too-old' | 'unknown'

/** Longer than any distribution’s. */
const maxLength = 64

/** @returns a version that is safe to store and show: `v1.36.3`, `v1.33.1+k3s1`; undefined: not a version */
export function parseKubernetesVersion(text: string): string | undefined {
  return text.length <= maxLength && /^v\d{1,4}\.\d{1,4}(?:[.+-][\w.+-]*)?$/.test(text) ? text : undefined
}

/** @param version as `parseKubernetesVersion` gives it */
export function versionStateOf(version: string): VersionState {
  const [, major, minor] = /^v(\d{1,4})\.(\d{1,4})/.exec(version) ?? []
  if (major === undefined || minor === undefined) return 'unknown'
  const newer = Number(major) - oldestKubernetes.major
  return newer > 0 || (newer === 0 && Number(minor) >= oldestKubernetes.minor) ? 'supported' : 'too-old'
}

/**
 * @returns the fault of a version that is too old for the fences. Check it although the proofs pass: a refusal there
 * may be an accident
 */
export function listVersionFaults(version: string): FenceFault[] {
  if (versionStateOf(version) !== 'too-old') return []
  const { major, minor } = oldestKubernetes
  return [
    { policy: 'Kubernetes', fault: `${version} is older than ${major}.${minor}, which the admission policies need` },
  ]
}
