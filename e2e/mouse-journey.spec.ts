/**
 * The whole path by mouse, from an empty profile to exported files: files are dropped, beads chosen, three experts laid
 * out, a small model trained, sampled, simulated, compared with the data, and what was found is taken out again.
 */
import { join } from 'node:path';
import { checkedByMdtraj, inspected } from './exported-files.ts';
import { expect, test } from './fixtures.ts';
import { smallTrajectory } from './sample-data.ts';

test('from dropped files to exported conformations, by mouse', async ({ workstation, home }) => {
  test.setTimeout(400_000);
  const { page, stage } = workstation;
  const { structure, trajectory } = await smallTrajectory(join(home, 'given'));

  await test.step('files are dropped on the window, and belong together', async () => {
    await workstation.drop(structure, trajectory);
    const question = page.getByRole('dialog', { name: 'Which belong together?' });
    await expect(question).toContainText('22 atoms each');
    await question.getByRole('button', { name: 'Use it' }).click();
    await expect(workstation.file(trajectory)).toContainText('1200');
    await expect(workstation.file(trajectory)).toContainText('5 ps');
    await workstation.drawn();
  });

  await test.step('beads and plane are chosen', async () => {
    await stage.getByLabel('Which atoms').selectOption('alanine-dipeptide-5');
    await expect(stage.getByRole('list', { name: 'Beads' }).getByRole('listitem')).toHaveCount(5);
    await stage.getByLabel('Free energy over', { exact: true }).selectOption({ label: 'φ / ψ' });
    await expect(workstation.map('Free energy over φ and ψ. Lowest at')).toBeVisible({ timeout: 60_000 });
    await expect(stage.getByText('1200 conformations')).toBeVisible();
  });

  await test.step('three experts are laid out', async () => {
    await workstation.go('Experts');
    await expect(stage.getByText(/^Chosen: one invariant energy/)).toBeVisible();
    await workstation.oneExpert();
    const expert = (number: number) => stage.getByRole('region', { name: `Expert ${number}` });
    const small = { Width: '16', Layers: '1', Heads: '2', 'Head width': '8', Steps: '400', Batch: '64' };
    for (const [label, value] of Object.entries(small)) await expert(1).getByLabel(label, { exact: true }).fill(value);
    for (const _ of [2, 3]) await stage.getByRole('button', { name: 'Split', exact: true }).click();
    await workstation.drag(stage.getByRole('slider', { name: 'Boundary between expert 1 and expert 2' }), -0.4);
    await workstation.drag(stage.getByRole('slider', { name: 'Boundary between expert 2 and expert 3' }), -0.15);
    for (const number of [2, 3]) await expert(number).getByText('A score').click();
    const alpha = expert(1).getByRole('slider', { name: /α/ });
    const { width, height } = (await alpha.boundingBox())!;
    await alpha.click({ position: { x: width / 2, y: height / 2 } });

    await expect(stage.getByRole('button', { name: /^Expert 1.*energy, α/ })).toBeVisible();
    for (const number of [2, 3]) {
      await expect(stage.getByRole('button', { name: new RegExp(`^Expert ${number}.*score`) })).toBeVisible();
    }
    expect(Number(await expert(2).getByLabel('From t', { exact: true }).inputValue())).toBeCloseTo(0.1, 1);
    expect(Number(await expert(3).getByLabel('From t', { exact: true }).inputValue())).toBeCloseTo(0.6, 1);
    await expect(expert(3).getByLabel('Width', { exact: true })).toHaveValue('16');
  });

  await test.step('they are trained', async () => {
    await stage.getByRole('button', { name: 'Train', exact: true }).click();
    await expect(page.getByRole('main', { name: 'Train' })).toBeVisible();
    await expect(workstation.jobs('running')).toHaveCount(1);
    await workstation.finished(180_000);
    await expect(workstation.mark('Train')).toHaveAccessibleName(/ready$/);
    for (const number of [1, 2, 3]) {
      await expect(stage.getByRole('article', { name: `Expert ${number}` })).toContainText('Trained, 400 steps');
    }
  });

  await test.step('samples are drawn', async () => {
    await workstation.go('Sample');
    await stage.getByLabel('Samples', { exact: true }).fill('600');
    await stage.getByLabel('Solver').selectOption('dpm');
    await stage.getByLabel('Steps', { exact: true }).fill('30');
    await stage.getByRole('button', { name: 'Draw samples' }).first().click();
    await workstation.finished(120_000);
    await expect(workstation.map('Samples: Free energy')).toBeVisible();
    await expect(stage.getByText('of 600 samples')).toBeVisible();
    await workstation.drawn();
  });

  await test.step('it is simulated, and seen to move', async () => {
    await workstation.go('Simulate');
    // Long enough to be looked at on a quick machine, too.
    const settings = { Replicas: '4', Steps: '200000', 'Time step': '0.001', Friction: '1' };
    for (const [label, value] of Object.entries(settings)) await stage.getByLabel(label, { exact: true }).fill(value);
    await stage.getByRole('button', { name: 'Simulate', exact: true }).first().click();
    await stage.getByRole('button', { name: 'Live' }).click({ timeout: 60_000 });
    await stage.getByRole('button', { name: 'Paused' }).click();
    await expect(stage.getByRole('button', { name: 'Live' })).toBeVisible();
    await workstation.drawn();
    const molecule = stage.locator('.molecule canvas').first();
    const pictures = new Set<string>();
    await expect
      .poll(async () => pictures.add((await molecule.screenshot()).toString('base64')).size, { timeout: 60_000 })
      .toBeGreaterThan(3);
    await workstation.finished(300_000);
    await expect(workstation.map('Simulation: Free energy')).toBeVisible();
  });

  await test.step('a click on a surface shows the structures there', async () => {
    await workstation.go('Compare');
    const samples = stage.getByRole('row', { name: /^Samples (?!vs)/ });
    await expect(samples).toBeVisible({ timeout: 60_000 });
    // Where most of the data lie.
    await workstation.point('Reference', [-80, 150]);
    await expect(stage.getByText('1 of 40')).toBeVisible();
    await expect(stage.getByText(/frame \d+ · φ −\d+°, ψ 1\d\d°/)).toBeVisible();
    await workstation.drawn();
    await stage.getByRole('button', { name: 'Next structure' }).click();
    await expect(stage.getByText('2 of 40')).toBeVisible();
  });

  await test.step('a structure and a trajectory are taken out as files', async () => {
    const structures = await workstation.downloads(home, 3, () =>
      stage.getByRole('button', { name: 'This one' }).click(),
    );
    const atoms = structures.find((path) => path.endsWith('all-atoms.pdb'))!;
    expect(await inspected(atoms)).toMatchObject({ format: 'PDB', atoms: 22, frames: 1, problems: [] });

    const files = await workstation.downloads(home, 5, async () => {
      await stage.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('menuitem', { name: /^Trajectory/ }).click();
      const dialog = page.getByRole('dialog', { name: 'Export a trajectory' });
      await dialog.getByText('Simulation', { exact: true }).click();
      await dialog.getByText('XTC', { exact: true }).click();
      await dialog.getByRole('button', { name: 'Export' }).click();
      await page.getByRole('button', { name: 'Download all 5' }).click();
    });
    const beads = files.find((path) => path.endsWith('-beads.pdb'))!;
    const replica = files.find((path) => path.endsWith('-000.xtc'))!;
    expect(await inspected(beads)).toMatchObject({ format: 'PDB', atoms: 5, problems: [] });
    const frames = { format: 'XTC', atoms: 5, frames: 2000, timeStep: 0.1, problems: [] };
    expect(await inspected(replica)).toMatchObject(frames);
    await checkedByMdtraj(replica, beads, { atoms: 5, frames: 2000 });
  });
});
