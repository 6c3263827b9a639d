import { type ClusterEvent, maxTextLength } from './cluster-event.ts'

/**
 * For these verbs, the API server reads options from the query. For a deletion, the body decides, which the audit doesn't
 * have.
 */
const verbs: ReadonlySet<string> = new Set(['create', 'update', 'patch'])
/** The API server refuses dry runs of connections, and issues tokens even in one. */
const withoutDryRun: ReadonlySet<string> = new Set(['exec', 'attach', 'portforward', 'proxy', 'token'])

/**
 * The API server parses the query like Go's net/url: from the first `?`, split at `&`, without parts that have a `;` or
 * an invalid escape (k8s.io/apiserver, pkg/endpoints/handlers/create.go). Other spellings of the parameter don't count.
 * @returns whether certainly nothing was written: the query has `dryRun=All`, once
 */
export function isDryRun({ uri, verb, resource }: ClusterEvent): boolean {
  if (!resource || !verbs.has(verb) || withoutDryRun.has(resource.subresource)) return false
  // It may have been truncated.
  if (uri.length >= maxTextLength) return false
  const [, query = ''] = /^[^?]*\?(.*)$/s.exec(uri) ?? []
  const options = query.split('&').filter((part) => part.split('=', 1)[0] === 'dryRun')
  return options.length === 1 && options[0] === 'dryRun=All'
}
