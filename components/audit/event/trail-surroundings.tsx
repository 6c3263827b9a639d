import { Deliveries } from '#components/audit/chain/deliveries.tsx'
import { Badge } from '#components/ui/badge.tsx'
import { DescriptionList } from '#components/ui/description-list.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { ClusterIntake } from '#lib/features/audit/model/audit-view.ts'
import { type DeliveryView, deliveryState } from '#lib/features/audit/model/trail-delivery.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'

type Props = { intakes: readonly ClusterIntake[]; deliveries: readonly DeliveryView[]; now: Date }

/** The clusters that report to the trail, and its deliveries. Collapsed unless something is wrong. */
export function TrailSurroundings({ intakes, deliveries, now }: Props) {
  const connected = intakes.filter(({ receivedAt }) => receivedAt !== null).length
  const troubled = deliveries.filter((delivery) => ['away', 'idle'].includes(deliveryState(delivery, now))).length
  return (
    <details open={troubled > 0} className="group mb-4 rounded-lg border bg-surface">
      <summary className="flex min-h-12 list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 text-sm hover:bg-sunken/60 focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <Icon name="chevron-right" className="size-3.5 text-muted transition-transform group-open:rotate-90" />
        <h2>Clusters and delivery</h2>
        {troubled > 0 && (
          <Badge tone="bad" icon="alert-circle">
            {troubled === 1 ? 'Delivery failing' : `${troubled} deliveries fail`}
          </Badge>
        )}
        <span className="text-muted">
          {connected === intakes.length
            ? `${inNumber(connected, 'cluster')} ${connected === 1 ? 'reports' : 'report'} here`
            : `${connected} of ${inNumber(intakes.length, 'cluster')} reporting`}
          {deliveries.length > 0 && `, delivered to ${inNumber(deliveries.length, 'place')}`}
        </span>
      </summary>
      <div className="space-y-5 border-t px-4 py-4 sm:px-5">
        <DescriptionList
          items={intakes.map(({ cluster, receivedAt, eventAt }) => ({
            term: `Audit of ${cluster}`,
            detail: receivedAt ? (
              <>
                last received <AbsoluteTime at={receivedAt} to="second" />
                {eventAt && (
                  <span className="text-muted">
                    , of <AbsoluteTime at={eventAt} to="second" />
                  </span>
                )}
              </>
            ) : (
              <span className="text-muted">
                Not connected. Direct access to this cluster isn’t recorded (docs/cluster-audit.md).
              </span>
            ),
          }))}
        />
        <Deliveries deliveries={deliveries} now={now} />
      </div>
    </details>
  )
}
