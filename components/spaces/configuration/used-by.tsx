import { type SpaceAddress, spacePath } from '#components/spaces/space-path.ts'
import { NameLink } from '#components/ui/name-link.tsx'
import type { ConfigurationKind } from '#lib/features/spaces/model/configuration-kind.ts'
import type { UsingPods } from '#lib/features/spaces/model/configured-object.ts'

const maxShown = 20

/** The pods that use an object, and where. */
export function UsedBy({ pods, more, kind, address }: UsingPods & { kind: ConfigurationKind; address: SpaceAddress }) {
  return (
    <div className="space-y-3 text-sm">
      {pods.length > 0 ? (
        <ul className="space-y-2">
          {pods.slice(0, maxShown).map(({ name, places }) => (
            <li key={name} className="wrap-anywhere">
              <NameLink href={spacePath(address, 'workload', { of: `Pod/${name}` })} className="font-mono">
                {name}
              </NameLink>
              <span className="block text-muted text-xs">{places.join(', ')}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-muted">{kind === 'PersistentVolumeClaim' ? 'No pod mounts it.' : 'No pod uses it.'}</p>
      )}
      {pods.length > maxShown && <p className="text-muted">{`And ${pods.length - maxShown} more pods.`}</p>}
      {more && <p className="text-muted">This space has more than 1,000 pods; only these were checked.</p>}
    </div>
  )
}
