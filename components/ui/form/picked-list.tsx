import { Icon } from '#components/ui/icon.tsx'

type Item = { value: string; text: string; title?: string | undefined }

/** What was picked so far, each with its removal. */
export const PickedList = ({
  label,
  items,
  remove,
}: {
  label: string
  items: readonly Item[]
  remove: (value: string) => void
}) =>
  items.length > 0 && (
    <ul aria-label={`${label}: chosen`} className="flex flex-wrap gap-2 text-sm">
      {items.map(({ value, text, title }) => (
        <li key={value} className="min-w-0">
          <button
            type="button"
            title={title}
            className="inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full bg-accent-soft px-2.5 py-0.5 text-accent hover:underline"
            onClick={() => remove(value)}
          >
            <span className="sr-only">Remove </span>
            <span className="wrap-anywhere">{text}</span>
            <Icon name="x" className="size-3 shrink-0" />
          </button>
        </li>
      ))}
    </ul>
  )
