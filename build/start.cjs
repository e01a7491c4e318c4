// How dist/hook.cjs and dist/git-prov.js begin. A bundle is compiled from what V8 kept of an earlier run with the same
// node (build/warm.js made it): compiling it anew costs half a start of node. Without it, or with another node, nothing
// is different but the time. (module.enableCompileCache does this from Node 22.1 on, which is above our floor.)
const { readFileSync, renameSync, writeFileSync } = require('node:fs')
const { Script } = require('node:vm')

const started = new Map()

function start(name) {
  const before = started.get(name)
  if (before) return before.exports
  const filename = `${__dirname}/${name}`
  const kept = `${filename}.${process.version}-${process.arch}.code`
  const source = `(function(exports,require,module){${readFileSync(filename, 'utf8')}\n})`
  const script = new Script(source, { filename, cachedData: read(kept) })
  const module = { exports: {} }
  started.set(name, module)
  script.runInThisContext()(module.exports, requireFrom, module)
  if (process.env.GIT_PROV_KEEP_CODE) process.on('exit', () => keep(script, kept))
  return module.exports
}

const requireFrom = (name) => (name.startsWith('./') ? start(name.slice(2)) : require(name))

function read(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** With the functions that were called: the more has been done, the less is left to compile. */
function keep(script, file) {
  writeFileSync(`${file}.${process.pid}`, script.createCachedData())
  renameSync(`${file}.${process.pid}`, file)
}
