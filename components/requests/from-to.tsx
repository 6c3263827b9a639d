import { Icon } from '#components/ui/icon.tsx'

/** The current and the requested value. */
export function FromTo({ from, to }: { from: string; to: string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold text-lg">
      <span>
        <span className="sr-only">From </span>
        {from}
      </span>
      <Icon name="arrow-right" className="text-muted" />
      <span>
        <span className="sr-only">to </span>
        {to}
      </span>
    </p>
  )
}
