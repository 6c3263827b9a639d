import { DescriptionList } from '#components/ui/description-list.tsx'
import { type Size, sizeSpecs } from '#lib/domain/size.ts'

/** What one will get, before one asks for it. */
export function SpacePreview({ namespace, size }: { namespace: string; size: Size }) {
  const { quota, container } = sizeSpecs[size]
  return (
    <aside aria-label="Preview" className="rounded-lg border bg-surface p-4 text-sm sm:p-5">
      <h2 className="mb-3 font-semibold text-base">What you will get</h2>
      <DescriptionList
        items={[
          { term: 'Namespace', detail: <span className="break-all font-mono">{namespace || '—'}</span> },
          { term: 'CPUs', detail: `${quota['requests.cpu']}, in bursts ${quota['limits.cpu']}` },
          { term: 'Memory', detail: `${inGib(quota['requests.memory'])}, in bursts ${inGib(quota['limits.memory'])}` },
          { term: 'Storage', detail: `${inGib(quota['requests.storage'])} in ${quota.persistentvolumeclaims} volumes` },
          { term: 'Pods', detail: quota.pods },
          {
            term: 'A container',
            detail: `${container.requestCpu} CPU and ${inGib(container.requestMemory)} unless it says otherwise; at most ${container.maxCpu} CPUs`,
          },
        ]}
      />
      <h3 className="mt-5 mb-1.5 font-semibold">Isolation</h3>
      <ul className="list-disc space-y-1 pl-4 text-muted">
        <li>Only pods of the same namespace reach yours; yours reach out, and DNS.</li>
        <li>
          Privileged pods are refused (Pod Security “baseline”); what “restricted” would refuse, you are warned of.
        </li>
        <li>Only members see what runs inside, platform admins neither.</li>
      </ul>
    </aside>
  )
}

const inGib = (quantity: string | undefined) => quantity?.replace(/([GM])i$/, ' $1iB')
