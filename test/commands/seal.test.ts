import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'
import { allowSigners, signWith } from '../support/signing.ts'

const mail = 'mei@example.org'
const codes = async (test: TestRepository, ...args: string[]) =>
  JSON.parse((await inProcess(test).prov('verify', '--signatures', '--json', ...args)).stdout)
    .findings.map(({ code }: { code: string }) => code)
    .sort()

describe('git prov seal', () => {
  it('vouches for everything recorded before it with one signature', async () => {
    const test = provRepository()
    const signers = allowSigners(test, signWith(test, mail))
    expect(await codes(test, '--allowed-signers', signers)).toEqual(['unsigned'])
    expect(await inProcess(test).ok('seal', '-m', 'release 1')).toMatch(
      /^prov: sealed 3 files at \w{10} \(seal \w{6}\); git prov verify --signatures\n$/,
    )
    expect(await inProcess(test).ok('verify', '--allowed-signers', signers)).toBe(
      'prov: 2 commits on the branch: 1 signed, 1 vouched for by a later signature\n' +
        'prov: 2 records, 1 environment, 1 manifest: every one matches its name\n',
    )
    test.commit('after the seal')
    expect(await codes(test, '--allowed-signers', signers)).toEqual(['unsigned'])
  })

  it('git itself verifies it, and its digest is that of the ls-tree output', async () => {
    const test = provRepository()
    const signers = allowSigners(test, signWith(test, mail))
    const sealed = JSON.parse(await inProcess(test).ok('seal', '--json'))
    test.git('-c', `gpg.ssh.allowedSignersFile=${signers}`, 'verify-commit', 'prov')
    const listing = test.run('sh', [
      '-c',
      `git ls-tree -r --name-only ${sealed.tip} records environments manifests series | sha256sum`,
    ])
    expect(listing.stdout.split(' ')[0]).toBe(sealed.digest)
    expect(await inProcess(test).ok('show', sealed.id)).toContain(`seals ${sealed.tip}`)
  })

  it('says what to configure when there is no key, and appends nothing', async () => {
    const test = provRepository()
    const before = test.git('rev-parse', 'prov')
    const result = await inProcess(test).prov('seal')
    expect(result).toMatchObject({ status: 2, stdout: '' })
    expect(result.stderr).toMatch(/^error: the commit on the branch could not be signed\n/)
    expect(result.stderr).toContain(
      'hint:  git config user.signingkey <key>; with an SSH key also git config gpg.format ssh',
    )
    expect(test.git('rev-parse', 'prov')).toBe(before)
    expect(await inProcess(test).ok('status')).toMatch(/is captured\n$/)
  })

  it('a seal by somebody else, or with a key that is not allowed, does not pass', async () => {
    const test = provRepository()
    signWith(test, mail)
    await inProcess(test).ok('seal')
    expect(await codes(test, '--allowed-signers', allowSigners(test))).toEqual(['unsigned', 'untrusted-signature'])
    const line = signWith(test, 'somebody@example.org', 'other')
    await inProcess(test).ok('seal')
    expect(await codes(test, '--allowed-signers', allowSigners(test, line))).toEqual(['signer'])
  })
})

describe('commits on the branch', () => {
  it("follow the user's own signing, unless prov.sign is set", () => {
    const test = provRepository()
    const signers = allowSigners(test, signWith(test, mail))
    test.git('config', 'commit.gpgsign', 'true')
    test.commit('signed')
    const check = () => test.run('git', ['-c', `gpg.ssh.allowedSignersFile=${signers}`, 'verify-commit', 'prov']).status
    expect(check()).toBe(0)
    expect(test.git('log', '-1', '--format=%an <%ae>', 'prov')).toBe(test.git('log', '-1', '--format=%cn <%ce>'))
    test.git('config', 'prov.sign', 'false')
    test.commit('not signed')
    expect(check()).toBe(1)
  })

  it('a key that cannot sign stops no commit: it is reported, and a later seal covers it', async () => {
    const test = provRepository()
    const signers = allowSigners(test, signWith(test, mail))
    test.git('config', 'prov.sign', 'true')
    test.git('config', 'user.signingkey', '/nowhere/key')
    appendFileSync(join(test.path, 'data/train/a.csv'), 'b\n')
    const committed = test.run('git', ['commit', '--quiet', '-am', 'x'])
    expect(committed.status).toBe(0)
    expect(committed.stderr).toMatch(/prov: not signed: .*; git prov seal\n/)
    expect(test.captures()).toHaveLength(1)
    test.git('config', 'user.signingkey', join(test.path, '.git/key'))
    await inProcess(test).ok('seal')
    await inProcess(test).ok('verify', '--allowed-signers', signers)
  })
})
