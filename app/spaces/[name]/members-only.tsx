import type { ReactNode } from 'react'
import { AskInstead } from '#components/spaces/request-instead.tsx'
import { SpaceFrame } from '#components/spaces/space-frame.tsx'
import { readSpacePage, type SpacePageProps } from './read-space-page.ts'

type Props = {
  page: SpacePageProps
  title?: string
  /** Why others can’t see it, and what to do. */
  why: string
  children: ReactNode
}

/** A page about what is inside a space. Others than members can request access there. */
export async function MembersOnly({ page, title = 'Only members see what’s inside', why, children }: Props) {
  const { address, may, frame } = await readSpacePage(page)
  return (
    <SpaceFrame {...frame}>
      {may('read-space-inside') ? (
        children
      ) : (
        <AskInstead title={title} address={address} asks="viewer">
          {why}
        </AskInstead>
      )}
    </SpaceFrame>
  )
}
