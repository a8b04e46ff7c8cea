/** Files that are no good, dropped with one that is: each is answered with a sentence, and the good ones are of use. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { smallTrajectory } from './sample-data.ts';
import { projectRoot } from './served-host.ts';

test('a picture, an empty file, a cut-off trajectory, another molecule: a sentence each', async ({
  workstation,
  home,
}) => {
  const { page, stage } = workstation;
  const folder = join(home, 'given');
  const { structure, trajectory } = await smallTrajectory(folder, 100);
  const put = async (name: string, content: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const whole = await readFile(trajectory);
  const picture = await put('figure.png', await page.screenshot());
  const empty = await put('empty.xtc', new Uint8Array());
  const cut = await put('topology-cut.xtc', whole.subarray(0, Math.floor(whole.length / 2)));
  const other = await put(
    'topology-other.xtc',
    await readFile(join(projectRoot, 'resources/data/chignolin-go/ca.xtc')),
  );

  await workstation.drop(structure, picture, empty, cut, other);
  const said = stage.getByRole('row');
  await expect(said.filter({ hasText: 'figure.png has no ending of a known format' })).toBeVisible();
  await expect(said.filter({ hasText: 'empty.xtc is empty: it has no frames.' })).toBeVisible();
  await expect(said.filter({ hasText: /topology-cut\.xtc ends .* inside the frame .* left out/ })).toBeVisible();
  const misfit = 'topology-other.xtc has 10 atoms per frame, topology.pdb has 22: choose the structure';
  await expect(said.filter({ hasText: misfit })).toBeVisible();
  await expect(page.getByText(/Error|undefined|\bat .*:\d+:\d+/)).toHaveCount(0);

  // Half of the trajectory is whole, and of use.
  await expect(workstation.file(cut)).toContainText('60');
  await expect(stage.getByText('60 conformations')).toBeVisible({ timeout: 30_000 });
});
