import type { FenceFault } from './fence-fault.ts'

/** The oldest minor version whose admission policies can hold the fences. */
export const oldestKubernetes = { major: 1, minor: 31 } as const

/** `unknown`: what the API server says is no version that can be compared. */
export type VersionState = 'supported' | 'too-old' | 'unknown'

/** Longer than any distribution’s. */
const maxLength = 64

/** @returns a version as it may be kept and shown: `v1.36.3`, `v1.33.1+k3s1`; undefined: it is none */
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

/** @returns that a version can't hold the fences, if so: what it does not refuse today may be an accident */
export function listVersionFaults(version: string): FenceFault[] {
  if (versionStateOf(version) !== 'too-old') return []
  const { major, minor } = oldestKubernetes
  return [
    { policy: 'Kubernetes', fault: `${version} is older than ${major}.${minor}, which the admission policies need` },
  ]
}
