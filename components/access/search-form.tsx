import { Button } from '#components/ui/button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { accessPath } from './access-path.ts'

type Props = { by: 'person' | 'space'; label: string; placeholder: string; search: string | undefined }

/** A search with its text in the URL. */
export const SearchForm = ({ by, label, placeholder, search }: Props) => (
  <form
    // The key replaces the uncontrolled input when the URL changes.
    key={search}
    action="/admin/access"
    aria-label={label}
    className="mb-4 flex flex-wrap items-end gap-3 rounded-lg border bg-surface p-4"
  >
    {by === 'space' && <input type="hidden" name="by" value="space" />}
    <TextField
      label="Search"
      name="search"
      type="search"
      placeholder={placeholder}
      defaultValue={search}
      maxLength={by === 'space' ? 63 : 100}
      className="min-w-0 grow basis-56"
    />
    <div className="flex gap-2">
      <Button type="submit" variant="primary" icon="search">
        Search
      </Button>
      {search && (
        <LinkButton href={accessPath({ by })} variant="quiet">
          Clear
        </LinkButton>
      )}
    </div>
  </form>
)
