import { type ClusterEvent, maxTextLength } from './cluster-event.ts'

/** Verbs whose options the API server reads from the query. A deletion's body decides, which the audit doesn't have. */
const verbs: ReadonlySet<string> = new Set(['create', 'update', 'patch'])
/** The API server refuses a dry run of a connection, and issues a token in one. */
const withoutDryRun: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy', 'token'])

/**
 * The API server reads the query as Go's net/url does: from the first `?`, split at `&`, without parts that hold a `;` or
 * an invalid escape (k8s.io/apiserver, pkg/endpoints/handlers/create.go). Other spellings of the same parameter don't count.
 * @returns whether it is certain that nothing was written: the query says `dryRun=All`, once
 */
export function isDryRun({ uri, verb, resource }: ClusterEvent): boolean {
  if (!resource || !verbs.has(verb) || withoutDryRun.has(resource.subresource)) return false
  // It may have been cut.
  if (uri.length >= maxTextLength) return false
  const [, query = ''] = /^[^?]*\?(.*)$/s.exec(uri) ?? []
  const said = query.split('&').filter((part) => part.split('=', 1)[0] === 'dryRun')
  return said.length === 1 && said[0] === 'dryRun=All'
}
