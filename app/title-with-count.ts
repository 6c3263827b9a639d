import { withCount } from '#components/inbox/count-in-title.ts'
import { readShell } from '#lib/web/page/shell.ts'

/** @returns a page's title with the person's inbox count before it; the browser keeps it up to date */
export async function titleWithCount(title: string): Promise<string> {
  return withCount(title, (await readShell())?.inbox ?? 0)
}
