type Props = {
  id: string
  /** What it selects, for screen readers: `the kubeconfig for web-dev`. */
  name: string
  selected: ReadonlySet<string>
  setSelected: (selected: ReadonlySet<string>) => void
}

export const SelectBox = ({ id, name, selected, setSelected }: Props) => (
  <input
    type="checkbox"
    aria-label={`Select ${name}`}
    checked={selected.has(id)}
    onChange={({ target }) => {
      const after = new Set(selected)
      if (target.checked) after.add(id)
      else after.delete(id)
      setSelected(after)
    }}
    className="relative z-1 grid size-5"
  />
)

/** The common settings of the column with these boxes; its `cell` is the box. */
export const selectColumn = {
  key: 'select',
  header: 'Select',
  headerHidden: true,
  card: 'corner',
  className: 'wide:w-0',
} as const
