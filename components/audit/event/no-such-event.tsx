import { EmptyState } from '#components/ui/empty-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'

/** Shown for an event that isn’t in the trail. It may have been archived. */
export function NoSuchEvent({ archived }: { archived: string }) {
  return (
    <>
      <PageHeader title="Event" />
      <EmptyState
        icon="activity"
        title="Archived, or never recorded"
        action={<LinkButton href="/audit">Show the trail</LinkButton>}
      >
        There is no such event in the trail. Entries up to {archived} are archived. Ask your Spaceport operator for
        them.
      </EmptyState>
    </>
  )
}
