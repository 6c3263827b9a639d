import type { PodReference } from '#lib/features/spaces/model/workload-view.ts'

const words: Readonly<Record<PodReference['kind'], string>> = {
  PersistentVolumeClaim: 'Volume',
  ConfigMap: 'ConfigMap',
  Secret: 'Secret',
  ServiceAccount: 'ServiceAccount',
}

/** The objects of the space that a workload’s pods use: names, no contents. */
export function WorkloadUses({ uses }: { uses: readonly PodReference[] }) {
  if (uses.length === 0) return <p className="text-muted text-sm">No ConfigMaps, Secrets or volumes of this space.</p>
  return (
    <ul className="space-y-2 text-sm">
      {uses.map(({ kind, name, places }) => (
        <li key={`${kind}/${name}`} className="wrap-anywhere">
          <span className="font-mono">{name}</span>
          <span className="block text-muted text-xs">
            {words[kind]}: {places.join(', ')}
          </span>
        </li>
      ))}
    </ul>
  )
}
