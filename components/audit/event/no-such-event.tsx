import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'

/** In the place of an event that the trail doesn’t have, where older ones have left it. */
export function NoSuchEvent({ archived }: { archived: string }) {
  return (
    <>
      <PageHeader title="Event" />
      <EmptyState
        icon="activity"
        title="Archived, or never there"
        action={<LinkButton href="/audit">Show the trail</LinkButton>}
      >
        The trail has no such event. Those up to {archived} are archived: ask whoever runs Spaceport for them.
      </EmptyState>
    </>
  )
}
