import { DescriptionList } from '#components/ui/description-list.tsx'
import { type Size, sizeSpecs } from '#lib/domain/size.ts'

/** Preview of the new space. */
export function SpacePreview({ namespace, size }: { namespace: string; size: Size }) {
  const { quota, container } = sizeSpecs[size]
  return (
    <aside aria-label="Preview" className="rounded-lg border bg-surface p-4 text-sm sm:p-5">
      <h2 className="mb-3 font-semibold text-base">What you get</h2>
      <DescriptionList
        items={[
          { term: 'Namespace', detail: <span className="wrap-anywhere font-mono">{namespace || '—'}</span> },
          { term: 'CPUs', detail: `${quota['requests.cpu']}, bursting to ${quota['limits.cpu']}` },
          {
            term: 'Memory',
            detail: `${inGib(quota['requests.memory'])}, bursting to ${inGib(quota['limits.memory'])}`,
          },
          {
            term: 'Storage',
            detail: `${inGib(quota['requests.storage'])} in up to ${quota.persistentvolumeclaims} volumes`,
          },
          { term: 'Pods', detail: `Up to ${quota.pods}` },
          {
            term: 'Per container',
            detail: `${container.requestCpu} CPU and ${inGib(container.requestMemory)} by default, up to ${container.maxCpu} CPUs`,
          },
        ]}
      />
      <h3 className="mt-5 mb-1.5 font-semibold">Isolation</h3>
      <ul className="list-disc space-y-1 pl-4 text-muted">
        <li>Pods in other namespaces can’t reach yours. Yours can reach the outside network.</li>
        <li>
          Privileged pods are rejected (Pod Security level “baseline”). You get a warning for anything that “restricted”
          would reject.
        </li>
        <li>Only members see what runs inside. Platform admins don’t.</li>
      </ul>
    </aside>
  )
}

const inGib = (quantity: string | undefined) => quantity?.replace(/([GM])i$/, ' $1iB')
