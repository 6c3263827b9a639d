import { answerAuth } from '#lib/web/page/auth-route.ts'

type Context = { params: Promise<{ path: string[] }> }

const handle = async (request: Request, { params }: Context) => answerAuth(request, (await params).path)

export { handle as GET, handle as POST }
