import { rmSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cloneOf, gitRepository, type TestRepository, temporaryFolder } from '../support/repository.ts'

// Inputs out of the real git-lfs, git-annex and DVC, and Python environments made by the real uv and pip.

const tools = resolve(import.meta.dirname, '../../.ci/tools/venv/bin')
const code =
  "const fs = require('fs'); fs.writeFileSync('out.txt', fs.readFileSync('data/in.bin', 'utf8').length + '')\n"

/** Where the machine says packages and certificates are. */
const machine = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(UV|PIP|SSL|REQUESTS)_|_proxy$/i.test(name)),
) as Record<string, string>

function project(): TestRepository {
  const test = gitRepository({ 'x.js': code, 'prov.yaml': 'version: 1\n', '.gitignore': 'out.txt\n' })
  Object.assign(test.env, machine, {
    PATH: `${tools}${delimiter}${test.env.PATH}`,
    DVC_NO_ANALYTICS: '1',
    UV_PYTHON_DOWNLOADS: 'never',
  })
  test.ok('init', '--yes')
  return test
}

function runIn(test: TestRepository, ...words: string[]): string {
  const command = words.length > 0 ? words : ['-i', 'data/in.bin', '-o', 'out.txt', '--', 'node', 'x.js']
  const { stderr } = test.prov('run', ...command)
  return /prov: run (\w+)/.exec(stderr)?.[1] as string
}

function verdict(test: TestRepository, id: string, ...options: string[]): { plan: string; text: string } {
  const { stdout, stderr } = test.prov('replay', id, '--yes', ...options)
  return { plan: stderr, text: stdout }
}

describe('inputs come', () => {
  it('from git-lfs: out of this clone, or fetched', () => {
    const test = project()
    test.git('lfs', 'install', '--local', '--skip-repo')
    test.commit('Data', {
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
      'data/in.bin': 'a'.repeat(5000),
    })
    const id = runIn(test)
    test.commit('Other data', { 'data/in.bin': 'b' })
    expect(verdict(test, id)).toMatchObject({
      plan: expect.stringContaining('from git-lfs'),
      text: expect.stringContaining('identical'),
    })
    const clone = cloneOf(test)
    clone.ok('init')
    rmSync(join(clone.path, '.git/lfs'), { recursive: true, force: true })
    expect(verdict(clone, id)).toMatchObject({
      plan: expect.stringContaining('to be fetched: git lfs pull'),
      text: expect.stringContaining('identical'),
    })
  })

  it('from git-annex: out of this clone, or fetched', () => {
    const test = project()
    test.git('annex', 'init', '--quiet', 'here')
    test.write({ 'data/in.bin': 'a'.repeat(5000) })
    test.git('-c', 'annex.backend=SHA256E', 'annex', 'add', '--quiet', 'data/in.bin')
    test.commit('Data')
    const id = runIn(test)
    const clone = cloneOf(test)
    clone.git('annex', 'init', '--quiet', 'there')
    clone.ok('init')
    expect(verdict(clone, id)).toMatchObject({
      plan: expect.stringContaining('to be fetched: git annex get'),
      text: expect.stringContaining('identical'),
    })
    test.git('rm', '--quiet', 'data/in.bin')
    test.commit('Gone')
    expect(verdict(test, id)).toMatchObject({
      plan: expect.stringMatching(/from (code|git-annex)/),
      text: expect.stringContaining('identical'),
    })
    for (const each of [test, clone]) each.run('chmod', ['-R', 'u+w', '.git/annex'])
  })

  it('from DVC: out of its cache, files and folders, or fetched', () => {
    const test = project()
    const remote = temporaryFolder()
    const dvc = (...words: string[]) => {
      const result = test.run(join(tools, 'dvc'), ['--quiet', ...words])
      if (result.status !== 0) throw new Error(`dvc ${words.join(' ')}: ${result.stderr}`)
    }
    dvc('init')
    dvc('remote', 'add', '--default', 'store', remote)
    test.write({ 'data/in.bin': 'a'.repeat(5000), 'folder/a': '1', 'folder/b/c': '2' })
    dvc('add', 'data/in.bin', 'folder')
    test.commit('Data')
    const id = runIn(test, '-i', 'data/in.bin', '-i', 'folder', '-o', 'out.txt', '--', 'node', 'x.js')
    dvc('push')
    test.write({ 'data/in.bin': 'b', 'folder/a': 'other' })
    expect(verdict(test, id).plan.match(/from DVC/g)).toHaveLength(2)
    expect(verdict(test, id).text).toContain('identical')
    rmSync(join(test.path, '.dvc/cache'), { recursive: true })
    const fetched = verdict(test, id)
    expect(fetched.plan.match(/to be fetched: dvc pull/g)).toHaveLength(2)
    expect(fetched.text).toContain('identical')
  })
})

describe('--env recreate', () => {
  const script = "import json, six; json.dump({'six': six.__version__}, open('out.txt', 'w'))\n"
  const withSix = (test: TestRepository, version: string) => {
    const installed = test.run(join(tools, 'python'), ['-m', 'venv', '.venv'])
    const pip = test.run('.venv/bin/python', [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `six==${version}`,
    ])
    if (installed.status !== 0 || pip.status !== 0) throw new Error(pip.stderr)
  }

  it.each([
    ['uv', true],
    ['pip', false],
  ])('makes the recorded packages with %s', (_, uv) => {
    const test = project()
    if (!uv) Object.assign(test.env, { PATH: process.env.PATH?.replaceAll(tools, '') })
    writeFileSync(join(test.path, '.gitignore'), '.venv\nout.txt\n')
    test.commit('Script', { 'x.py': script })
    withSix(test, '1.16.0')
    const id = runIn(test, '-o', 'out.txt', '--', '.venv/bin/python', 'x.py')
    withSix(test, '1.17.0')
    expect(verdict(test, id).text).toMatch(/different\n.*\n {2}likely +1 six 1\.16\.0 -> 1\.17\.0/)
    const recreated = verdict(test, id, '--env', 'recreate')
    expect(recreated.plan).toContain('recorded Python packages, in a new environment')
    expect(recreated.text).toContain('identical')
  })
})
