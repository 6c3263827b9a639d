import { extname } from 'node:path'
import ts from 'typescript'

export const kinds = ['comments', 'strings', 'test titles', 'docs'] as const
export type Kind = (typeof kinds)[number]

/** A piece of prose in a file. */
export type Text = { kind: Kind; line: number; text: string }

/** @returns the prose of a source file, a script, a manifest or a page; code in it is left out */
export function textsOf(path: string, source: string): Text[] {
  const extension = extname(path)
  if (extension === '.md') return [...linesOf(proseOfMarkdown(source))].map((line) => ({ kind: 'docs', ...line }))
  if (['.ts', '.tsx', '.mjs'].includes(extension)) return textsOfScript(path, source)
  return [...linesOf(source)].flatMap(({ line, text }) => {
    const comment = /^[ \t]*(?:--|\/\/\/?|#(?!!))[ \t]?(.*)$/.exec(text)?.[1]
    return comment === undefined ? [] : [{ kind: 'comments', line, text: withoutCode(comment) }]
  })
}

const withoutCode = (text: string) => text.replace(/`[^`]*`/g, '`…`')
/** Code blocks and code spans leave empty lines, so lines keep their numbers. */
const proseOfMarkdown = (source: string) =>
  withoutCode(source.replace(/^ *```[\s\S]*?^ *```/gm, (block) => block.replace(/[^\n]/g, '')))

function* linesOf(source: string): Iterable<{ line: number; text: string }> {
  for (const [index, text] of source.split('\n').entries()) if (text.trim() !== '') yield { line: index + 1, text }
}

/** Comments, and strings of at least three words: in tests those are titles, elsewhere what people read. */
function textsOfScript(path: string, source: string): Text[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const ofStrings: Kind = /\.(test|itest|spec)\.tsx?$/.test(path) ? 'test titles' : 'strings'
  const lineAt = (position: number) => file.getLineAndCharacterOfPosition(position).line + 1
  const comments = new Map<number, Text>()
  const strings: Text[] = []
  const addComments = (ranges: readonly ts.CommentRange[] | undefined) => {
    for (const { pos, end } of ranges ?? [])
      comments.set(pos, { kind: 'comments', line: lineAt(pos), text: plain(source.slice(pos, end)) })
  }
  const visit = (node: ts.Node) => {
    addComments(ts.getLeadingCommentRanges(source, node.getFullStart()))
    addComments(ts.getTrailingCommentRanges(source, node.getEnd()))
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return
    if (ts.isTaggedTemplateExpression(node)) {
      if (ts.isTemplateExpression(node.template)) for (const span of node.template.templateSpans) visit(span.expression)
      return
    }
    if (isText(node)) {
      const text = node.text.replace(/\s+/g, ' ').trim()
      if (isProse(text)) strings.push({ kind: ofStrings, line: lineAt(node.getStart(file)), text })
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return [...comments.values(), ...strings]
}

const isText = (
  node: ts.Node,
): node is ts.StringLiteralLike | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail | ts.JsxText =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateHead(node) ||
  ts.isTemplateMiddleOrTemplateTail(node) ||
  ts.isJsxText(node)

/** SQL, class names of Tailwind and paths of icons are code. */
const isProse = (text: string) => {
  const words = text.split(' ').filter((word) => /\p{L}{2}/u.test(word))
  const technical = words.filter((word) => /^[a-z]+[-:[][\w-:[\]./()%#]*$/.test(word))
  return (
    words.length >= 3 &&
    technical.length * 3 < words.length &&
    !/\b(SELECT|INSERT INTO|UPDATE|DELETE|CREATE|ALTER|WHERE|FROM|VALUES)\b/.test(text)
  )
}

const plain = (comment: string) =>
  withoutCode(comment.replace(/^\/\*+|\*+\/$|^\/\//g, '').replace(/^\s*\*/gm, '')).trim()
