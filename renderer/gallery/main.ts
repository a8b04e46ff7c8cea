/** The entry of the gallery: `?view=NAME` shows one view alone, as large as the window, `?theme=dark` the dark colours. */
import '../theme.css';
import './gallery.css';
import { mount } from 'svelte';
import { readData } from './data.ts';
import { changeOfMind, growingMap, movingPicture, openAndClose, savedMap, stream } from './exercises.svelte.ts';
import Gallery from './Gallery.svelte';

const query = new URLSearchParams(location.search);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';

const data = await readData();
mount(Gallery, { target: document.getElementById('gallery')!, props: { data, only: query.get('view') ?? undefined } });

/** For tests. */
const exercises = {
  openAndClose: (times: number) => openAndClose(data.chain, times),
  stream,
  movingPicture,
  changeOfMind: () => changeOfMind(data.chain, data.atoms),
  growingMap: (times: number) => growingMap(data, times),
  savedMap: () => savedMap(data),
};
declare global {
  interface Window {
    exercises: typeof exercises;
  }
}
window.exercises = exercises;
