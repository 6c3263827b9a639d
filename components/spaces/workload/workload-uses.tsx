import { objectPath } from '#components/spaces/object-path.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { NameLink } from '#components/ui/name-link.tsx'
import { configurationRef } from '#lib/features/spaces/model/configuration.ts'
import type { PodReference } from '#lib/features/spaces/model/workload-view.ts'

const words: Readonly<Record<PodReference['kind'], string>> = {
  PersistentVolumeClaim: 'Volume',
  ConfigMap: 'ConfigMap',
  Secret: 'Secret',
  ServiceAccount: 'ServiceAccount',
}

/** The objects of the space that a workload’s pods use: names, no contents. */
export function WorkloadUses({ uses, address }: { uses: readonly PodReference[]; address: SpaceAddress }) {
  if (uses.length === 0) return <p className="text-muted text-sm">No ConfigMaps, Secrets or volumes of this space.</p>
  return (
    <ul className="space-y-2 text-sm">
      {uses.map(({ kind, name, places }) => (
        <li key={`${kind}/${name}`} className="wrap-anywhere">
          <Name {...{ kind, name, address }} />
          <span className="block text-muted text-xs">
            {words[kind]}: {places.join(', ')}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** Links to what has a page: no ServiceAccount, and no pattern for several claims. */
function Name({ kind, name, address }: Pick<PodReference, 'kind' | 'name'> & { address: SpaceAddress }) {
  const of = configurationRef.safeParse({ kind, name })
  if (!of.success) return <span className="font-mono">{name}</span>
  return (
    <NameLink href={objectPath(address, of.data)} className="font-mono">
      {name}
    </NameLink>
  )
}
