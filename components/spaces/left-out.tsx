import { Alert } from '#components/ui/alert.tsx'
import { maxRead, type LeftOut as What } from '#lib/kernel/model/spaces/space-inside.ts'

const words: Readonly<Record<What[number], string>> = {
  workloads: `Of each kind, the first ${maxRead.workloads} workloads are shown.`,
  pods: `The first ${maxRead.pods.toLocaleString('en')} pods are shown; counts of pods may be too low.`,
  events: `Of more than ${maxRead.events.toLocaleString('en')} events, some of the newest may be missing.`,
}

/** What a page omits of a very large space. */
export const LeftOut = ({ what }: { what: What }) =>
  what.length > 0 && (
    <Alert kind="warn" title="This space has more than fits here">
      {what.map((one) => (
        <p key={one}>{words[one]}</p>
      ))}
    </Alert>
  )
