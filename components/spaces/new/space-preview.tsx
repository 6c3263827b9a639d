import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import type { Size } from '#lib/kernel/model/spaces/size.ts'
import { sizeSpecs } from '#lib/kernel/model/spaces/size-spec.ts'

/** Preview of the new space. */
export function SpacePreview({ namespace, size }: { namespace: string; size: Size }) {
  const { quota, container } = sizeSpecs[size]
  return (
    <Section title="What you get">
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
            detail: `${container.requestCpu} to ${container.defaultCpu} CPU and ${inGib(container.requestMemory)} to ${inGib(container.defaultMemory)} by default, up to ${container.maxCpu} CPUs and ${inGib(container.maxMemory)}`,
          },
          { term: 'Services', detail: 'Any type except LoadBalancer and NodePort' },
        ]}
      />
      <h3 className="mt-5 mb-1.5">Isolation</h3>
      <ul className="list-disc space-y-1 pl-4 text-muted text-sm">
        <li>Pods in other namespaces can’t reach yours. Yours can reach the outside network.</li>
        <li>
          Privileged pods are rejected (Pod Security level “baseline”). You get a warning for anything that “restricted”
          would reject.
        </li>
        <li>Only members see what runs inside. Platform admins don’t.</li>
      </ul>
    </Section>
  )
}

const inGib = (quantity: string | undefined) => quantity?.replace(/([GM])i$/, ' $1iB')
