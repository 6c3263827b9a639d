import type { Metadata } from 'next'
import { textParam } from '#app/search-params.ts'
import { orError } from '#app/spaces/[name]/or-error.ts'
import { readSpacePage, type SpacePageProps } from '#app/spaces/[name]/read-space-page.ts'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { chooseShell } from '#components/spaces/shell/shell-choice.ts'
import { ShellOnPage } from '#components/spaces/shell/shell-on-page.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { Alert } from '#components/ui/alert.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Section } from '#components/ui/section.tsx'
import { mayOpenShell } from '#lib/features/search/model/may-inside.ts'
import { readSpaceInside } from '#lib/features/spaces/use-cases/read-space-inside.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'

export async function generateMetadata(props: SpacePageProps): Promise<Metadata> {
  return { title: `Shell · ${(await readSpacePage(props)).space.name}` }
}

/** A shell in a container of a space. */
export default async function SpaceShellPage(props: SpacePageProps) {
  const { space, address, frame } = await readSpacePage(props)
  return (
    <SpaceFrame {...frame}>
      {mayOpenShell(space.standing) ? (
        <Shell {...props} />
      ) : (
        <AskInstead title="Editors and admins can open a shell" address={address} asks="editor">
          A shell can read and change whatever the container can. Your role here can’t open one. If you need to, request
          a higher one.
        </AskInstead>
      )}
    </SpaceFrame>
  )
}

async function Shell(props: SpacePageProps) {
  const { ctx, key, address, search } = await readSpacePage(props)
  const inside = await orError(readSpaceInside(ctx, key))
  if (isAppError(inside))
    return (
      <Alert kind="warn" title="A shell can’t be opened right now">
        <p>{inside.sentence}</p>
      </Alert>
    )
  const choice = chooseShell(inside.workloads, textParam(search, 'of'))
  if (!choice)
    return (
      <EmptyState icon="terminal" title="No container runs here">
        A shell runs inside a container: start something first.
      </EmptyState>
    )
  return (
    <Section title="Shell" content="bare">
      <ShellOnPage address={address} {...choice} />
    </Section>
  )
}
