/** Processors that images are made for, as Node and npm call them. */
export const architectures = ['x64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

/** As OCI images and Debian call them. */
export const ociNames: Readonly<Record<Architecture, string>> = { x64: 'amd64', arm64: 'arm64' }

/** @throws Error on a machine with another processor */
export function nativeArchitecture(): Architecture {
  const native = architectures.find((one) => one === process.arch)
  if (native === undefined)
    throw new Error(`Images can’t be made on ${process.arch}: use ${architectures.join(' or ')}.`)
  return native
}
