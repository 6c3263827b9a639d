import { DescriptionList } from '#components/ui/description-list.tsx'
import { Section } from '#components/ui/section.tsx'
import { AbsoluteTime } from '#components/ui/time/absolute-time.tsx'
import type { ClusterIntake } from '#lib/features/audit/model/audit-view.ts'

/** The clusters whose own audit reports to the trail. */
export const ClusterIntakes = ({ intakes }: { intakes: readonly ClusterIntake[] }) => (
  <Section title="Audit of the clusters">
    <DescriptionList
      items={intakes.map(({ cluster, receivedAt, eventAt }) => ({
        term: cluster,
        detail: receivedAt ? (
          eventAt ? (
            <>
              Last event <AbsoluteTime at={eventAt} to="second" />{' '}
              <span className="text-muted">
                (received <AbsoluteTime at={receivedAt} to="second" />)
              </span>
            </>
          ) : (
            <>
              Last received <AbsoluteTime at={receivedAt} to="second" />
            </>
          )
        ) : (
          <span className="text-muted">
            Not connected. Direct access to this cluster isn’t recorded (docs/cluster-audit.md).
          </span>
        ),
      }))}
    />
  </Section>
)
