import { type ReactNode, Suspense } from 'react'
import { type PodUse, totalUse, type Use } from '#lib/kernel/model/spaces/pod-use.ts'

type Props = {
  pods: readonly { name: string }[]
  measured: Promise<PodUse | null>
  /** What is shown of it. */
  children: (use: Use) => ReactNode
}

/** What some pods really use, as soon as it is known; nothing where nobody measures. Nothing else waits for it. */
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
