export type SelectAllProps = {
  /** How many rows are selected. */
  chosen: number
  /** How many of the page can be. */
  count: number
  /** Selects all rows on the page, or none. */
  toggle: (on: boolean) => void
}

/** A checkbox for all rows on the page. */
export const SelectAll = ({ chosen, count, toggle }: SelectAllProps) => (
  <label className="mr-2 flex min-h-6 items-center gap-2">
    <input
      type="checkbox"
      checked={count > 0 && chosen === count}
      onChange={({ target }) => toggle(target.checked)}
      className="size-5"
    />
    Select all on this page
  </label>
)
