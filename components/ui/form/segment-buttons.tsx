import { segmentClass, segmentFrame } from '#components/ui/segment-class.ts'

type Props<V extends string> = {
  /** For screen readers. */
  label: string
  options: readonly { value: V; label: string }[]
  value: V
  onChoose: (value: V) => void
}

/** Buttons of which one is pressed. For links: SegmentLinks. */
export const SegmentButtons = <V extends string>({ label, options, value, onChoose }: Props<V>) => (
  <fieldset className={`flex divide-x divide-line overflow-hidden ${segmentFrame}`}>
    <legend className="sr-only">{label}</legend>
    {options.map((each) => (
      <button
        key={each.value}
        type="button"
        aria-pressed={each.value === value}
        className={segmentClass(each.value === value)}
        onClick={() => onChoose(each.value)}
      >
        {each.label}
      </button>
    ))}
  </fieldset>
)
