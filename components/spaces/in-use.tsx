import { type ReactNode, Suspense } from 'react'
import { type PodUse, totalUse, type Use } from '#lib/kernel/model/spaces/pod-use.ts'

type Props = {
  pods: readonly { name: string }[]
  measured: Promise<PodUse | null>
  /** How to show it. */
  children: (use: Use) => ReactNode
}

/**
 * The real usage of some pods, as soon as it is known; nothing where it isn't measured. The rest of the page doesn't
 * wait for it.
 */
export const InUse = (props: Props) => (
  <Suspense>
    <Told {...props} />
  </Suspense>
)

async function Told({ pods, measured, children }: Props) {
  const found = await measured
  const use = found && totalUse(pods, found)
  return use && children(use)
}
