import { Badge } from '#components/ui/badge.tsx'
import type { GainedRight } from '#lib/kernel/model/access/role-rules.ts'
import { groupRights } from './group-rights.ts'

type Props = { gained: readonly GainedRight[]; caption?: string }

/** Permissions by area. Secrets, access to running pods and granting permissions are marked and come first. */
export function GainedRightsTable({ gained, caption = 'Permissions gained' }: Props) {
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead className="max-sm:sr-only">
        <tr className="border-y bg-sunken text-left text-muted">
          <th scope="col" className="px-4 py-2 font-medium sm:px-5">
            Area
          </th>
          <th scope="col" className="px-4 py-2 font-medium">
            Resources
          </th>
          <th scope="col" className="px-4 py-2 font-medium">
            Verbs
          </th>
        </tr>
      </thead>
      {groupRights(gained).map(({ title, sensitive, rows }) => (
        <tbody key={title} className="border-b last:border-b-0 max-sm:block max-sm:px-4 max-sm:py-3">
          {rows.map((row, index) => (
            <tr key={row.resources.join()} className="align-top max-sm:block">
              {index === 0 && (
                <th
                  scope="rowgroup"
                  rowSpan={rows.length}
                  className="w-48 px-5 py-2.5 text-left font-medium max-sm:mb-1 max-sm:block max-sm:w-auto max-sm:p-0"
                >
                  {title}
                  {sensitive && (
                    <span className="mt-1 block max-sm:mt-0 max-sm:ml-2 max-sm:inline">
                      <Badge tone="warn" icon="alert-triangle">
                        Sensitive
                      </Badge>
                    </span>
                  )}
                </th>
              )}
              <td className="wrap-anywhere px-4 py-2.5 font-mono text-xs max-sm:block max-sm:px-0 max-sm:pt-1 max-sm:pb-0">
                {row.resources.join(', ')}
              </td>
              <td className="px-4 py-2.5 font-mono text-muted text-xs max-sm:block max-sm:px-0 max-sm:pt-0 max-sm:pb-1">
                {row.verbs.join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}
