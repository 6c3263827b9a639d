/** Supported processors of images, by their names in Node and npm. */
export const architectures = ['x64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

/** By their names in OCI images and Debian. */
export const ociNames: Readonly<Record<Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/** @throws Error on a machine with another processor */
export function nativeArchitecture(): Architecture {
  const native = architectures.find((one) => one === process.arch)
  if (native === undefined)
    throw new Error(`Images can’t be built on ${process.arch}: use ${architectures.join(' or ')}.`)
  return native
}
