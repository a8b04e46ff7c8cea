/** The whole path with a keyboard and no mouse: Tab and arrows, shortcuts, the command palette. */
import { join } from 'node:path';
import { inspected } from './exported-files.ts';
import { expect, test } from './fixtures.ts';
import { Hands } from './keyboard-user.ts';
import { smallTrajectory } from './sample-data.ts';

test('from an empty profile to exported conformations, by keyboard only', { tag: '@full' }, async ({
  workstation,
  home,
}) => {
  test.setTimeout(400_000);
  const { page, stage } = workstation;
  const hands = new Hands(page);
  const { structure, trajectory } = await smallTrajectory(join(home, 'given'), 20);
  await page.evaluate(() => {
    const count = () => {
      document.documentElement.dataset.pointers = 'used';
    };
    for (const type of ['pointerdown', 'mousedown', 'wheel']) addEventListener(type, count, { capture: true });
  });

  await test.step('a project is begun and files are chosen', async () => {
    // Waited for from the start: the browser is told to hand choosers over a moment after one begins to wait.
    const chooser = page.waitForEvent('filechooser', { timeout: 60_000 });
    await hands.press('Control+Shift+N');
    await expect(page.getByRole('dialog', { name: 'New project' }).getByLabel('Name')).toBeFocused();
    await hands.type('By hand');
    await hands.press('Enter');
    await expect(page.getByRole('button', { name: 'By hand' })).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await hands.press('Control+O');
    await (await chooser).setFiles([structure, trajectory]);
    await hands.push(page.getByRole('dialog').getByRole('button', { name: 'Use it' }));
    await expect(workstation.file(trajectory)).toContainText('600');
  });

  await test.step('beads and plane are chosen', async () => {
    await hands.choose(stage.getByLabel('Which atoms'), 'alanine-dipeptide-5');
    await expect(stage.getByRole('list', { name: 'Beads' }).getByRole('listitem')).toHaveCount(5);
    await hands.choose(stage.getByLabel('Free energy over', { exact: true }), 'phi-psi');
    await expect(workstation.map('Free energy over φ and ψ. Lowest at')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('three experts are laid out', async () => {
    await hands.press('Control+2');
    await hands.choose(stage.getByLabel('Layout'), 'aldp-plain-quick');
    const expert = (number: number) => stage.getByRole('region', { name: `Expert ${number}` });
    const small = { Width: '8', Layers: '1', Heads: '1', 'Head width': '8', Steps: '150', Batch: '32' };
    for (const [label, value] of Object.entries(small)) {
      await hands.fill(expert(1).getByLabel(label, { exact: true }), value);
    }
    for (const _ of [2, 3]) await workstation.act('split the');
    await hands.fill(expert(1).getByLabel('To t', { exact: true }), '0.1');
    await hands.fill(expert(2).getByLabel('To t', { exact: true }), '0.6');
    for (const number of [2, 3]) {
      await hands.reach(expert(number).getByLabel('An energy'));
      await hands.press('ArrowRight');
      await expect(expert(number).getByLabel('A score')).toBeChecked();
    }
    await hands.reach(expert(1).getByRole('slider', { name: /α/ }));
    await hands.press('ArrowRight', 'ArrowRight', 'ArrowRight');
    await expect(expert(1).getByRole('switch')).toBeChecked();
    await expect(stage.getByRole('button', { name: /^Expert 1.*energy, α/ })).toBeVisible();
  });

  await test.step('what was changed is undone, and done again', async () => {
    const alpha = stage.getByRole('region', { name: 'Expert 1' }).getByRole('textbox', { name: /α.*exactly/ });
    const before = await alpha.inputValue();
    await hands.press('Control+Z');
    await expect(alpha).not.toHaveValue(before);
    await hands.press('Control+Shift+Z');
    await expect(alpha).toHaveValue(before);
  });

  await test.step('they are trained', async () => {
    await hands.press('Control+Enter');
    await expect(page.getByRole('main', { name: 'Train' })).toBeVisible();
    await expect(workstation.jobs('done')).toBeVisible({ timeout: 180_000 });
  });

  await test.step('samples are drawn', async () => {
    await hands.press('Control+4');
    await hands.fill(stage.getByLabel('Samples', { exact: true }), '200');
    await hands.choose(stage.getByLabel('Solver'), 'dpm');
    await hands.fill(stage.getByLabel('Steps', { exact: true }), '20');
    await hands.press('Control+Enter');
    await expect(stage.getByText('of 200 samples')).toBeVisible({ timeout: 120_000 });
  });

  await test.step('it is simulated; the display is held and shown again', async () => {
    await hands.press('Control+5');
    const settings = { Replicas: '2', Steps: '20000', 'Time step': '0.0005' };
    for (const [label, value] of Object.entries(settings)) {
      await hands.fill(stage.getByLabel(label, { exact: true }), value);
    }
    await hands.press('Control+Enter');
    await workstation.drawn();
    await expect(workstation.map('Simulation: Free energy')).toBeVisible({ timeout: 120_000 });
    await expect(stage.getByRole('slider', { name: 'Frame' })).toHaveAttribute('aria-valuetext', /of 200/, {
      timeout: 120_000,
    });
    await hands.reach(stage.getByRole('slider', { name: 'Frame' }));
    await hands.press('End');
    await expect(stage.getByRole('slider', { name: 'Frame' })).toHaveAttribute('aria-valuetext', /frame 200 of 200/);
  });

  await test.step('structures are found on a map and taken out', async () => {
    await hands.press('Control+6');
    await hands.reach(workstation.map('Reference: Free energy'));
    await hands.press('ArrowRight', 'ArrowRight', 'Enter');
    await expect(stage.getByText(/1 of \d+$/)).toBeVisible();
    await hands.press(']');
    await expect(stage.getByText(/2 of \d+$/)).toBeVisible();
    const structures = await workstation.downloads(home, 3, () =>
      hands.push(stage.getByRole('button', { name: 'This one' })),
    );
    const all = structures.find((path) => path.endsWith('all-atoms.pdb'))!;
    expect(await inspected(all)).toMatchObject({ format: 'PDB', atoms: 22, problems: [] });
  });

  await test.step('the simulation is taken out', async () => {
    const files = await workstation.downloads(home, 3, async () => {
      await hands.press('Control+E');
      const dialog = page.getByRole('dialog', { name: 'Export a trajectory' });
      await hands.reach(dialog.getByLabel('XTC', { exact: true }));
      await hands.press('ArrowRight');
      await expect(dialog.getByLabel('DCD', { exact: true })).toBeChecked();
      await hands.push(dialog.getByRole('button', { name: 'Export' }));
    });
    const replica = files.find((path) => path.endsWith('-001.dcd'))!;
    expect(await inspected(replica)).toMatchObject({ format: 'DCD', atoms: 5, frames: 200, problems: [] });
  });

  await test.step('nobody has touched a pointer', async () => {
    await expect(page.locator('html')).not.toHaveAttribute('data-pointers', 'used');
  });
});
