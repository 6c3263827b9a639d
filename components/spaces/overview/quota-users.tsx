import { amountText, quotaLabel } from '#components/spaces/quota-words.ts'
import { CombMeter } from '#components/ui/comb-meter.tsx'
import { parseQuantity } from '#lib/kernel/model/spaces/quantity.ts'
import type { ExhaustedResource } from '#lib/kernel/model/spaces/space-inside.ts'

const shownAtMost = 10

/** What uses each exhausted resource, the largest first, as shares of the quota. */
export const QuotaUsers = ({ resources }: { resources: readonly ExhaustedResource[] }) => (
  <div className="space-y-6">
    {resources.map((resource) => (
      <Users key={resource.resource} {...resource} />
    ))}
  </div>
)

function Users({ resource, hard, users }: ExhaustedResource) {
  const total = hard === null ? null : (parseQuantity(hard) ?? null)
  const shown = users.slice(0, shownAtMost)
  const more = users.slice(shownAtMost)
  const label = quotaLabel(resource)
  return (
    <section>
      <h3 className="mb-2">
        {label}
        {total !== null && <span className="font-normal text-muted"> of {amountText(resource, total)}</span>}
      </h3>
      <ul className="space-y-3">
        {shown.map(({ kind, name, pods, amount }) => (
          <li key={`${kind}/${name}`} className="text-sm">
            <div className="mb-1 flex justify-between gap-3">
              <span className="min-w-0">
                <span className="wrap-anywhere font-mono">{name}</span>{' '}
                <span className="text-muted">
                  {kind} · {pods === 1 ? '1 pod' : `${pods} pods`}
                </span>
              </span>
              <span className="whitespace-nowrap tabular-nums">{amountText(resource, amount)}</span>
            </div>
            {total !== null && total > 0 && (
              <CombMeter
                label={`${label} of ${name}`}
                ratio={amount / total}
                text={amountText(resource, amount)}
                of="reserved"
              />
            )}
          </li>
        ))}
      </ul>
      {more.length > 0 && (
        <p className="mt-3 text-muted text-sm">
          {more.length} more use{more.length === 1 ? 's' : ''}{' '}
          {amountText(
            resource,
            more.reduce((sum, { amount }) => sum + amount, 0),
          )}
          .
        </p>
      )}
    </section>
  )
}
