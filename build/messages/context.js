/** Members whose text is shown, even a single word. */
const shownMembers = new Set(['message', 'hint', 'summary', 'describe', 'details', 'title', 'description'])

/** Methods that search for their first argument, or cut at it. */
const searching = new Set([
  'includes',
  'startsWith',
  'endsWith',
  'indexOf',
  'lastIndexOf',
  'split',
  'has',
  'get',
  'replace',
  'replaceAll',
])
const comparing = new Set(['===', '!==', '==', '!=', '<', '>', '<=', '>=', 'in'])
const choosing = new Set(['ConditionalExpression', 'LogicalExpression', 'TSAsExpression', 'TSNonNullExpression'])
/** Of TypeScript's own nodes, those that hold an expression and not a type. */
const holdingExpressions = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'])

/** Whether a node, with all in it, is for programs: types, file names, keys, what is compared, what git is called with. */
export function isForPrograms(node, parents) {
  const parent = parents.at(-1)
  if (!parent) return false
  return (
    isType(node) ||
    isFileName(node, parent) ||
    isKey(node, parent) ||
    isCompared(node, parent) ||
    isSearchedFor(node, parent) ||
    isErrorCode(node, parents) ||
    isArgumentOfProgram(node, parents)
  )
}

/** Whether a literal stands where people read it, so that even one word is a message. */
export function isForPeople(_node, parents) {
  const parent = parents.findLast(({ type }) => !choosing.has(type))
  if (parent?.type === 'Property') return shownMembers.has(parent.key.name)
  return isErrorMessage(parents) || (parent?.type === 'CallExpression' && isWrite(parent.callee))
}

/** Whether a literal is the message of a ProvError: its first argument, a code, is for programs. */
export function isErrorMessage(parents) {
  const parent = parents.findLast(({ type }) => !choosing.has(type))
  return parent?.type === 'NewExpression' && parent.callee.name === 'ProvError'
}

const isLiteral = ({ type }) => type === 'Literal' || type === 'TemplateLiteral'
const isType = ({ type }) => type.startsWith('TS') && !holdingExpressions.has(type)
const isFileName = (node, parent) => parent.source === node && /^(Import|Export)/.test(parent.type)

const isKey = (node, parent) =>
  (parent.key === node && !parent.computed) || (parent.type === 'MemberExpression' && parent.property === node)

const isCompared = (node, parent) =>
  isLiteral(node) &&
  ((parent.type === 'BinaryExpression' && comparing.has(parent.operator)) ||
    (parent.type === 'SwitchCase' && parent.test === node))

const isSearchedFor = (node, parent) =>
  parent.type === 'CallExpression' &&
  parent.arguments[0] === node &&
  parent.callee.type === 'MemberExpression' &&
  searching.has(parent.callee.property.name)

/** The first argument of a ProvError, chosen between several or not. */
function isErrorCode(node, parents) {
  const at = parents.findLastIndex(({ type }) => !choosing.has(type))
  const outermost = parents[at + 1] ?? node
  return (
    parents[at].type === 'NewExpression' &&
    parents[at].callee.name === 'ProvError' &&
    parents[at].arguments[0] === outermost
  )
}

/** `context.stdout.write(…)` and its like. */
const isWrite = ({ type, property, object }) =>
  type === 'MemberExpression' &&
  property.name === 'write' &&
  ['stdout', 'stderr'].includes(object.property?.name ?? object.name)

/** In a list of words that git, or another program, is started with. */
function isArgumentOfProgram(node, parents) {
  if (!isLiteral(node)) return false
  const call = parents.findLast(({ type }) => type === 'CallExpression')
  const list = parents.findLast(({ type }) => type === 'ArrayExpression')
  return list !== undefined && call?.arguments.includes(list) === true && /git|spawn|exec/i.test(call.callee.name ?? '')
}
