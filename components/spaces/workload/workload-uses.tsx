import { objectPath } from '#components/spaces/object-path.ts'
import type { SpaceAddress } from '#components/spaces/space-path.ts'
import { NameLink } from '#components/ui/name-link.tsx'
import { Section } from '#components/ui/section.tsx'
import { configurationRef } from '#lib/features/spaces/model/configuration.ts'
import type { PodReference } from '#lib/features/spaces/model/workload-view.ts'

const words: Readonly<Record<PodReference['kind'], string>> = {
  PersistentVolumeClaim: 'Volume',
  ConfigMap: 'ConfigMap',
  Secret: 'Secret',
  ServiceAccount: 'ServiceAccount',
}

/** The objects of the space that a workload’s pods use: names, no contents. Nothing if there are none. */
export function WorkloadUses({ uses, address }: { uses: readonly PodReference[]; address: SpaceAddress }) {
  if (uses.length === 0) return null
  return (
    <Section title="Uses">
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
    </Section>
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
