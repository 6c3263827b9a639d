import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Architecture, ociNames } from './architecture.ts'
import type { SystemPackage } from './system-files.ts'

export type Source = { revision: string; isModified: boolean }

/**
 * The origin of an image: an in-toto statement with SLSA provenance (slsa.dev/spec/v1.0/provenance). It isn't signed:
 * the publisher of the image signs it with their key.
 * @param digest of the image's manifest: `sha256:…`
 */
export function describeProvenance(
  image: { name: string; target: string; digest: string; architecture: Architecture },
  root: string,
  source: Source,
  packages: readonly SystemPackage[],
  times: { startedOn: Date; finishedOn: Date },
) {
  const [algorithm = '', value = ''] = image.digest.split(':')
  const file = (path: string) => ({
    uri: path,
    digest: {
      sha256: createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('hex'),
    },
  })
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: image.name, digest: { [algorithm]: value } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://spaceport.dev/image/v1',
        externalParameters: { containerfile: 'deploy/image/Containerfile', target: image.target },
        internalParameters: { sourceModified: source.isModified, platform: `linux/${ociNames[image.architecture]}` },
        resolvedDependencies: [
          { uri: 'git:HEAD', digest: { gitCommit: source.revision } },
          file('package-lock.json'),
          file('deploy/image/Containerfile'),
          ...packages.map(({ name, version, architecture }) => ({
            uri: `deb:${name}@${version}?arch=${architecture}`,
          })),
        ],
      },
      runDetails: {
        builder: { id: 'https://spaceport.dev/npm-run-image/v1' },
        metadata: { startedOn: times.startedOn.toISOString(), finishedOn: times.finishedOn.toISOString() },
      },
    },
  }
}
